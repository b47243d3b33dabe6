import { ClusterError, UsageError } from '../../core/errors.js'
import { backOffDelay } from '../../llm/back-off.js'
import { systemClock, type Clock } from '../../llm/clock.js'
import { createJobRequest, DIGEST_KEY, type JobSpec } from './job-request.js'
import type { RayPackage } from './pack-folder.js'
import type { Job } from './ray-answers.js'
import type { RayClient } from './ray-client.js'

export interface Submission {
  id: string
  /** False: the very same had been submitted before, and nothing was done. */
  isNew: boolean
  job: Job
  /** Bytes that were sent for the package; 0 where the cluster had it. */
  uploaded: number
}

const ATTEMPTS = 5

/**
 * Submit a job once, however often this is called: its id follows from what is submitted, or is given, and where an answer was lost the cluster is asked whether the job is there.
 * @throws UsageError where another job has the id; ClusterError where the cluster does not take it.
 */
export async function submitJob({
  client,
  spec,
  workingDirectory,
  id = null,
  clock = systemClock,
  onRetry,
  signal,
}: {
  client: RayClient
  spec: Omit<JobSpec, 'packageName'>
  workingDirectory: RayPackage | null
  id?: string | null
  clock?: Clock
  onRetry?: ((notice: { error: Error; delayMs: number }) => void) | undefined
  signal?: AbortSignal | undefined
}): Promise<Submission> {
  const request = createJobRequest({ spec: { ...spec, packageName: workingDirectory?.name ?? null }, id })
  const find = async (): Promise<Job | null> => {
    const job = await client.job(request.submission_id, signal)
    if (job !== null && job.metadata?.[DIGEST_KEY] !== request.metadata[DIGEST_KEY])
      throw new UsageError(
        `--id ${request.submission_id}: the cluster has another job of this name (${job.status}: ${job.entrypoint}). Expected a name that is not taken.`,
      )
    return job
  }
  const earlier = await find()
  if (earlier !== null) return { id: request.submission_id, isNew: false, job: earlier, uploaded: 0 }
  const uploaded = workingDirectory === null ? 0 : await ensurePackage({ client, workingDirectory, signal })
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.submit(request, signal)
    } catch (error) {
      if (!(error instanceof ClusterError) || !error.isRetryable) throw error
      // Whether it was done is not in the answer, or there is none: the cluster knows.
      const done = await find()
      if (done !== null) return { id: request.submission_id, isNew: true, job: done, uploaded }
      if (attempt === ATTEMPTS) throw error
      const delayMs = backOffDelay({ attempt, random: Math.random })
      onRetry?.({ error, delayMs })
      await clock.sleep(delayMs, signal)
      continue
    }
    const job = await find()
    if (job === null)
      throw new ClusterError(
        `Ray dashboard ${client.address} took job "${request.submission_id}" and does not know it. Expected one cluster there: does a proxy lead to several?`,
      )
    return { id: request.submission_id, isNew: true, job, uploaded }
  }
}

async function ensurePackage({
  client,
  workingDirectory: { name, data },
  signal,
}: {
  client: RayClient
  workingDirectory: RayPackage
  signal: AbortSignal | undefined
}): Promise<number> {
  if (await client.hasPackage(name, signal)) return 0
  await client.putPackage({ name, data }, signal)
  return data.length
}
