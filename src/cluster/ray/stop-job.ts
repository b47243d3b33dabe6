import { ClusterError } from '../../core/errors.js'
import { systemClock, type Clock } from '../../llm/clock.js'
import { findJob } from './find-job.js'
import { isOver, type Job } from './ray-answers.js'
import type { RayClient } from './ray-client.js'

const POLL_MS = 500
/** Ray ends by force what has not ended by itself within 3 s, unless its driver was given longer. */
const PATIENCE_MS = 120_000
/** One that was just about to begin. */
const BEGINNING_MS = 10_000

export interface Stopped {
  job: Job
  /** `told`: it has not begun, and Ray hands what it is told on when it begins. */
  outcome: 'stopped' | 'was-over' | 'told'
}

/**
 * Tell a job to end, and wait until it has. One that is over stays as it is; one that does not begin is not waited for.
 * @throws ClusterError where there is no such job, or where it does not end within two minutes.
 */
export async function stopJob({
  client,
  id,
  clock = systemClock,
  signal,
}: {
  client: RayClient
  id: string
  clock?: Clock
  signal?: AbortSignal
}): Promise<Stopped> {
  const before = await findJob({ client, id, signal })
  if (isOver(before)) return { job: before, outcome: 'was-over' }
  await client.stop(id, signal)
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    const job = await findJob({ client, id, signal })
    if (isOver(job)) return { job, outcome: 'stopped' }
    if (job.status === 'PENDING' && waitedMs >= BEGINNING_MS) return { job, outcome: 'told' }
    await clock.sleep(POLL_MS, signal)
  }
  throw new ClusterError(
    `Job "${id}" was told to end and has not within ${PATIENCE_MS / 1000} s. codevision cluster status ${id} tells whether its node lives.`,
  )
}
