import type { Interrupts } from '../../evaluation/run/evaluate.js'
import type { Retries } from '../../evaluation/run/run-sample.js'
import PQueue from 'p-queue'
import { BridgeError, ModelCapError, ModelError, SandboxError, UsageError } from '../../core/errors.js'
import { sampleKey, type Sample } from '../../core/sample.js'
import type { Task } from '../../core/task.js'
import type { Suite } from '../../data/load-suite.js'
import type { Run } from '../../store/run.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import type { SetItem } from '../plan/plan-set.js'
import { attemptItem, type Attempt, type ItemAttempts, type Play } from './attempt-item.js'
import { curatedSample, failedSample, type SampleGround } from './curated-sample.js'
import { itemTask } from './item-task.js'
import type { KeptRegister } from './kept-register.js'

export interface CurateItemsParameters {
  run: Run
  sources: readonly Pick<Suite, 'tasks'>[]
  items: readonly SetItem[]
  planFor: (item: SetItem) => CurationPlan
  play: Play
  /** Told of a plan that is about to be played, and when it is over. */
  onPlan: (plan: CurationPlan, state: 'begun' | 'over') => void
  onRejected: (parameters: { plan: CurationPlan; reason: string; detail: string }) => void
  register: KeptRegister
  attempts: number
  concurrency: number
  retries: Retries
  secrets: readonly string[]
  interrupts: Interrupts
  /** Told of each sample when it is on the disk. */
  onSample: (sample: Sample) => Promise<void> | void
}

/** An item on its way: its attempts, or what broke them. */
interface Underway {
  ground: SampleGround
  attempts: ItemAttempts | null
  outcome: Attempt | Error
}

/** Trajectories that may wait for those before them to be decided, for each that runs: they hold their images. */
const AHEAD = 2

/**
 * Make and decide the trajectories of a set that the run has not decided. They are played side by side and decided in order, so that what is kept does not depend on
 * which was faster, nor on where an earlier session was killed.
 * @returns the cap that ended it early; null: none was reached.
 * @throws what is nobody's data (full disk, a wrong row, a defect), after everything that was running has stopped.
 */
export async function curateItems(parameters: CurateItemsParameters): Promise<ModelCapError | null> {
  const { run, sources, items, concurrency, interrupts, register, onSample } = parameters
  const queue = new PQueue({ concurrency })
  const failure = new AbortController()
  const waiting: Promise<void>[] = []
  let last: Promise<void> = Promise.resolve()
  let cap: ModelCapError | null = null
  const isCancelled = (): boolean =>
    failure.signal.aborted || interrupts.cancel?.aborted === true || cap !== null
  const isStopped = (): boolean => isCancelled() || interrupts.drain?.aborted === true
  const onBreak = (cause: unknown): void => {
    if (cause instanceof ModelCapError) cap ??= cause
    else if (!isCancelled()) failure.abort(cause)
  }

  const begin = (item: SetItem, row: Task): void => {
    // A signal of its own: listeners of thousands of items must not pile up on one.
    const signal = AbortSignal.any([failure.signal, ...(interrupts.cancel ? [interrupts.cancel] : [])])
    const plan = parameters.planFor(item)
    parameters.onPlan(plan, 'begun')
    const playing = queue.add(() => play({ ...parameters, plan, item, row, signal }))
    // Its failure is met when its turn comes.
    playing.catch(() => undefined)
    const decided = last.then(async () => {
      try {
        const underway = await playing
        // What follows one that was stopped would be decided without it.
        if (isCancelled()) return
        const { sample, result } = await decide({ underway, register, secrets: parameters.secrets })
        for (const [sha256, png] of result?.images ?? []) await run.images.put({ sha256, png })
        await run.append(sample)
        if (result !== null && sample.curation?.kept === true) register.add(result.trajectory)
        await onSample(sample)
      } catch (cause) {
        onBreak(cause)
      } finally {
        parameters.onPlan(plan, 'over')
      }
    })
    last = decided
    waiting.push(decided)
  }

  const settled = new Set(run.states().flatMap(({ key, isSettled }) => (isSettled ? [key] : [])))
  const open = items.filter(({ taskKey }) => !settled.has(sampleKey({ taskKey, epoch: 0 })))
  const byRow = new Map<string, SetItem[]>()
  for (const item of open) {
    const place = placeOf(item)
    byRow.set(place, [...(byRow.get(place) ?? []), item])
  }
  try {
    for (const [source, { tasks }] of sources.entries()) {
      if (isStopped()) break
      for await (const { index, task } of tasks({ isWanted: (row) => byRow.has(`${source} ${row}`) })) {
        for (const item of byRow.get(`${source} ${index}`) ?? []) {
          while (waiting.length >= AHEAD * concurrency) await waiting.shift()
          if (isStopped()) break
          begin(item, task)
        }
        if (isStopped()) break
      }
    }
  } catch (cause) {
    onBreak(cause)
  }
  await last
  await queue.onIdle()
  if (failure.signal.aborted) throw failure.signal.reason
  return cap
}

/** Attempts until one stands up to verification; what the machine broke comes back as data, what is nobody's data is thrown. */
async function play({
  plan,
  item,
  row,
  signal,
  play: playPlan,
  onRejected,
  attempts: most,
  retries,
}: CurateItemsParameters & {
  plan: CurationPlan
  item: SetItem
  row: Task
  signal: AbortSignal
}): Promise<Underway> {
  signal.throwIfAborted()
  const started = performance.now()
  const ground: SampleGround = { plan, task: row, attempts: 0, totalMs: 0 }
  let attempts: ItemAttempts | null = null
  const ended = (outcome: Attempt | Error): Underway => ({
    ground: { ...ground, attempts: attempts?.made ?? 0, totalMs: performance.now() - started },
    attempts,
    outcome,
  })
  try {
    const { material } = item.scheduled
    const made = await itemTask({ plan, row, material, index: item.index })
    ground.task = made.task
    attempts = attemptItem({
      plan,
      item: made,
      play: playPlan,
      attempts: most,
      retries,
      signal,
      onRejected: ({ reason, detail }) => onRejected({ plan, reason, detail }),
    })
    return ended(await attempts.next())
  } catch (cause) {
    signal.throwIfAborted()
    if (!isDataOrMachine(cause)) throw cause
    return ended(cause)
  }
}

/** Keep the trajectory, make another one where it repeats what is kept, or drop it. */
async function decide({
  underway: { ground, attempts, outcome },
  register,
  secrets,
}: {
  underway: Underway
  register: KeptRegister
  secrets: readonly string[]
}): Promise<{ sample: Sample; result: Attempt['result'] | null }> {
  const started = performance.now()
  let attempt = outcome
  while (!(attempt instanceof Error)) {
    const { result, rejection } = attempt
    const dropped = rejection ?? register.check(result.trajectory)
    if (rejection === null && dropped !== null) attempts?.reject(dropped)
    if (dropped === null || attempts?.hasNext() !== true) {
      const totalMs = ground.totalMs + performance.now() - started
      const final = { ...ground, attempts: attempts?.made ?? 1, totalMs }
      const rejected = attempts?.rejected ?? []
      return { sample: curatedSample({ ground: final, result, rejected, dropped }), result }
    }
    attempt = await attempts.next().catch((cause: unknown) => {
      if (isDataOrMachine(cause)) return cause
      throw cause
    })
  }
  return { sample: failedSample({ ground, cause: attempt, secrets }), result: null }
}

/** What becomes a failed sample; a cap does not: the item is as if it had not been begun. */
function isDataOrMachine(cause: unknown): cause is Error {
  if (cause instanceof ModelCapError) return false
  return (
    cause instanceof SandboxError ||
    cause instanceof BridgeError ||
    cause instanceof ModelError ||
    cause instanceof UsageError
  )
}

function placeOf({ scheduled: { material } }: SetItem): string {
  return `${material.source} ${material.row}`
}
