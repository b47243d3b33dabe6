import { ClusterError } from '../../core/errors.js'
import { systemClock, type Clock } from '../../llm/clock.js'
import { diagnoseJob, type Diagnosis } from './diagnose-job.js'
import { findJob } from './find-job.js'
import { followLog } from './follow-log.js'
import { isOver, type Job } from './ray-answers.js'
import type { RayClient } from './ray-client.js'

export interface FollowJobParameters {
  client: RayClient
  id: string
  /** What the driver writes, from the beginning of its log; each character once. Absent: the log is watched for growth alone. */
  onLog?: ((text: string) => void) | undefined
  /** Told first how it stands, then of every change. */
  onStatus?: ((job: Job) => void) | undefined
  /** What keeps it from going on, in a line; again only when it is something else. */
  onTrouble?: ((line: string) => void) | undefined
  /** For how long a log may stand still before that is told. */
  silentAfterMs?: number
  /** For how long a cluster may not answer before that is an error. */
  patienceMs?: number
  pollMs?: number
  clock?: Clock
  signal?: AbortSignal | undefined
}

const POLL_MS = 2_000

/**
 * Follow a job to its end: its log, its states, and what holds it up. Connections that break are made again.
 * @returns the job as it ended
 * @throws ClusterError where there is no such job, or where the cluster has not answered for `patienceMs`; AbortError, and the job goes on.
 */
export async function followJob({
  client,
  id,
  onLog,
  onStatus,
  onTrouble,
  silentAfterMs = 600_000,
  patienceMs = 600_000,
  pollMs = POLL_MS,
  clock = systemClock,
  signal,
}: FollowJobParameters): Promise<Job> {
  const stop = new AbortController()
  const log = { length: 0, grownAt: clock.now() }
  const take = (text: string): void => {
    log.length += text.length
    log.grownAt = clock.now()
    onLog?.(text)
  }
  const following = followAll({ client, id, log, take, clock, pollMs, signal: stop.signal })
  let shown: string | null = null
  let trouble: string | null = null
  let answeredAt = clock.now()
  const tell = (what: string | null, line: string): void => {
    if (what !== null && what !== trouble) onTrouble?.(line)
    trouble = what
  }
  const tellOf = (diagnosis: Diagnosis | null): void => {
    // Of nodes each loss is another one; of all else the line goes on counting seconds.
    const what = diagnosis?.kind === 'nodes-lost' ? diagnosis.line : diagnosis?.kind
    tell(what ?? null, diagnosis?.line ?? '')
  }
  try {
    for (;;) {
      try {
        const job = await findJob({ client, id, signal })
        answeredAt = clock.now()
        if (job.status !== shown) onStatus?.(job)
        shown = job.status
        if (isOver(job)) return await finish(job)
        const nodes = await client.nodes(signal)
        const now = clock.now()
        tellOf(diagnoseJob({ job, nodes, now, quietMs: now - log.grownAt, silentAfterMs }))
      } catch (error) {
        if (!(error instanceof ClusterError) || !error.isRetryable) throw error
        const waitedMs = clock.now() - answeredAt
        if (waitedMs >= patienceMs) throw error
        const [reason = ''] = error.message.split('\n')
        tell('unreachable', `${reason} The job goes on without it; asking for ${patienceMs / 1000} s.`)
      }
      await clock.sleep(pollMs, signal)
    }
  } finally {
    stop.abort()
    await following
  }

  /** What the connection had not brought when the job ended. */
  async function finish(job: Job): Promise<Job> {
    stop.abort()
    await following
    const nodes = await client.nodes(signal)
    const diagnosis = diagnoseJob({ job, nodes, now: clock.now(), quietMs: null, silentAfterMs })
    tellOf(diagnosis)
    // With its node the log is gone.
    if (onLog === undefined || diagnosis?.kind === 'driver-lost') return job
    const whole = await client.logs(id, signal)
    if (whole.length > log.length) take(whole.slice(log.length))
    return job
  }
}

/** One connection after the other until it is aborted. */
async function followAll({
  client,
  id,
  log,
  take,
  clock,
  pollMs,
  signal,
}: {
  client: RayClient
  id: string
  log: { readonly length: number }
  take: (text: string) => void
  clock: Clock
  pollMs: number
  signal: AbortSignal
}): Promise<void> {
  while (!signal.aborted) {
    await followLog({ client, id, skip: log.length, onText: take, signal })
    try {
      await clock.sleep(pollMs, signal)
    } catch {
      return // aborted: the job is over, or nobody follows it any more
    }
  }
}
