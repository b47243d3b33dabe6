import { ClusterError } from '../../core/errors.js'
import { systemClock, type Clock } from '../../llm/clock.js'
import { findJob } from './find-job.js'
import { isOver, type Job } from './ray-answers.js'
import type { RayClient } from './ray-client.js'

const POLL_MS = 500
/** Ray ends by force what has not ended by itself within 3 s, unless its driver was given longer. */
const PATIENCE_MS = 120_000

/**
 * Tell a job to end, and wait until it has. One that is over stays as it is.
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
}): Promise<{ job: Job; wasRunning: boolean }> {
  const before = await findJob({ client, id, signal })
  if (isOver(before)) return { job: before, wasRunning: false }
  await client.stop(id, signal)
  for (const until = clock.now() + PATIENCE_MS; clock.now() < until;) {
    const job = await findJob({ client, id, signal })
    if (isOver(job)) return { job, wasRunning: true }
    await clock.sleep(POLL_MS, signal)
  }
  throw new ClusterError(
    `Job "${id}" was told to end and has not within ${PATIENCE_MS / 1000} s. codevision cluster status ${id} tells whether its node lives.`,
  )
}
