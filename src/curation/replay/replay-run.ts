import PQueue from 'p-queue'
import { z } from 'zod'
import { StoreError } from '../../core/errors.js'
import type { ExecutionRecord } from '../../core/execution.js'
import type { Sample } from '../../core/sample.js'
import type { Sandbox, SandboxSession } from '../../core/sandbox.js'
import type { TrajectoryCall } from '../../core/trajectory.js'
import { openRun } from '../../store/open-run.js'
import type { RunReader } from '../../store/run.js'
import { rgbPixels } from '../pixels/canonical-pixels.js'
import { arePixelsEqual } from '../pixels/shown.js'

/** A call whose replay ended otherwise than was recorded. */
export interface ReplayDifference {
  readonly key: string
  readonly taskId: string
  /** From 1. */
  readonly call: number
  readonly expected: string
  readonly got: string
}

export interface ReplayResult {
  trajectories: number
  calls: number
  /** Of these, calls that were recorded as failed. */
  failedCalls: number
  differences: ReplayDifference[]
}

const timeouts = z.object({ timeoutMs: z.object({ call: z.number(), provoked: z.number() }) })

/**
 * Run every call of the kept trajectories once more, each over the images of the run, and compare what comes of it with what was recorded: images pixel by pixel,
 * failures by their kind and type. What timed out is given the deadline that it had.
 * @throws StoreError for a run that was not curated, or is damaged; SandboxError; AbortError.
 */
export async function replayRun({
  path,
  sandbox,
  concurrency = 4,
  onProgress = () => undefined,
  signal = new AbortController().signal,
}: {
  path: string
  sandbox: Sandbox
  concurrency?: number
  /** Told how many trajectories of how many were replayed, and how many calls differed. */
  onProgress?: (progress: { done: number; total: number; differences: number }) => void
  signal?: AbortSignal | undefined
}): Promise<ReplayResult> {
  const run = await openRun({ path, mode: 'read' })
  const { timeoutMs } = timeoutsOf(run)
  const result: ReplayResult = { trajectories: 0, calls: 0, failedCalls: 0, differences: [] }
  let total = 0
  for await (const sample of run.samples()) total += Number(sample.curation?.kept === true)
  const failure = new AbortController()
  const queue = new PQueue({ concurrency })
  const replayOne = async (sample: Sample): Promise<void> => {
    // A signal of its own: listeners of many calls must not pile up on one.
    const stop = AbortSignal.any([signal, failure.signal])
    try {
      const found = await replaySample({ sample, run, sandbox, timeoutMs, signal: stop })
      const calls = sample.trajectory?.calls ?? []
      result.trajectories++
      result.calls += calls.length
      result.failedCalls += calls.filter(({ execution }) => execution.status === 'error').length
      result.differences.push(...found)
      onProgress({ done: result.trajectories, total, differences: result.differences.length })
    } catch (cause) {
      failure.abort(cause)
    }
  }
  for await (const sample of run.samples()) {
    if (signal.aborted || failure.signal.aborted) break
    if (sample.curation?.kept !== true) continue
    await queue.onSizeLessThan(1)
    void queue.add(() => replayOne(sample))
  }
  await queue.onIdle()
  signal.throwIfAborted()
  failure.signal.throwIfAborted()
  const order = (a: ReplayDifference, b: ReplayDifference): number =>
    a.key === b.key ? a.call - b.call : a.key < b.key ? -1 : 1
  return { ...result, differences: result.differences.sort(order) }
}

function timeoutsOf({ manifest, path }: RunReader): z.infer<typeof timeouts> {
  const { success, data } = timeouts.safeParse(manifest.identity.curation)
  if (success) return data
  throw new StoreError(
    `${path}: expected a run of codevision data curate, got a manifest that says nothing of one`,
  )
}

async function replaySample({
  sample: { key, taskId, trajectory, curation },
  run,
  sandbox,
  timeoutMs,
  signal,
}: {
  sample: Sample
  run: RunReader
  sandbox: Sandbox
  timeoutMs: { call: number; provoked: number }
  signal: AbortSignal
}): Promise<ReplayDifference[]> {
  if (trajectory === null || trajectory.calls.length === 0) return []
  const given = trajectory.images.filter(({ call }) => call === null)
  const sources = await Promise.all(given.map(({ sha256 }) => run.images.read(sha256)))
  const session = await sandbox.open(sources, { signal })
  const differences: ReplayDifference[] = []
  try {
    for (const [at, recorded] of trajectory.calls.entries()) {
      // A call of such a trajectory that worked has time to do so again.
      const isTimeout = recorded.execution.status === 'error' && recorded.execution.kind === 'timeout'
      const provoked = isTimeout && curation?.provocation === 'timeout'
      const found = await replayCall({
        recorded,
        session,
        run,
        timeoutMs: provoked ? timeoutMs.provoked : timeoutMs.call,
        signal,
      })
      if (found === null) continue
      differences.push({ key, taskId, call: at + 1, ...found })
      // The images after it would be others, or have other numbers.
      if (found.isLost) break
    }
  } finally {
    await session.close()
  }
  return differences.map(({ key, taskId, call, expected, got }) => ({ key, taskId, call, expected, got }))
}

/** Null: as recorded. `isLost`: what follows cannot be compared. */
async function replayCall({
  recorded: { call, execution: expected },
  session,
  run,
  timeoutMs,
  signal,
}: {
  recorded: TrajectoryCall
  session: SandboxSession
  run: RunReader
  timeoutMs: number
  signal: AbortSignal
}): Promise<{ expected: string; got: string; isLost: boolean } | null> {
  const got = await session.execute(call, { timeoutMs, signal })
  if (expected.status === 'error' || got.status === 'error') {
    const isSame =
      expected.status === 'error' &&
      got.status === 'error' &&
      expected.kind === got.kind &&
      expected.type === got.type
    if (isSame) return null
    const isLost = expected.status !== got.status
    return {
      expected: describe(expected),
      got:
        got.status === 'error'
          ? `${got.kind}${got.type === null ? '' : ` ${got.type}`}: ${got.message.slice(0, 200)}`
          : `an image of ${got.image.width} × ${got.image.height}`,
      isLost,
    }
  }
  const [before, now] = await Promise.all([
    run.images.read(expected.image.sha256).then(rgbPixels),
    got.image.png().then(rgbPixels),
  ])
  if (arePixelsEqual(before, now)) return null
  const isOtherSize = before.width !== now.width || before.height !== now.height
  return {
    expected: describe(expected),
    got: isOtherSize ? `an image of ${now.width} × ${now.height}` : 'other pixels',
    isLost: true,
  }
}

function describe(execution: ExecutionRecord): string {
  if (execution.status === 'error')
    return `${execution.kind}${execution.type === null ? '' : ` ${execution.type}`}`
  const { width, height, sha256 } = execution.image
  return `an image of ${width} × ${height}, ${sha256.slice(0, 12)}`
}
