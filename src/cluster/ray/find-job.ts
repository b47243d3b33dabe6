import { ClusterError } from '../../core/errors.js'
import type { Job } from './ray-answers.js'
import type { RayClient } from './ray-client.js'

/** @throws ClusterError where there is no such job. */
export async function findJob({
  client,
  id,
  signal,
}: {
  client: RayClient
  id: string
  signal?: AbortSignal | undefined
}): Promise<Job> {
  const job = await client.job(id, signal)
  if (job !== null) return job
  throw new ClusterError(
    `Ray dashboard ${client.address} has no job "${id}". codevision cluster status lists its jobs; a cluster that was started anew has forgotten those before.`,
    { status: 404 },
  )
}
