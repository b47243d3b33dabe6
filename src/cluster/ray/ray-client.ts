import { ClusterError } from '../../core/errors.js'
import type { Clock } from '../../llm/clock.js'
import type { JobRequest } from './job-request.js'
import {
  jobSchema,
  jobsSchema,
  logsSchema,
  nodesSchema,
  stoppedSchema,
  submittedSchema,
  versionSchema,
  type Job,
  type RayNode,
} from './ray-answers.js'
import { createRayEndpoint } from './ray-endpoint.js'
import { createRayRequests } from './ray-request.js'

/** The Jobs API of a Ray cluster, at its dashboard (port 8265). Every call throws ClusterError, and AbortError when its signal is aborted. */
export interface RayClient {
  /** For messages. */
  readonly address: string
  version(signal?: AbortSignal): Promise<string>
  /** Null: there is no such job. */
  job(id: string, signal?: AbortSignal): Promise<Job | null>
  jobs(signal?: AbortSignal): Promise<Job[]>
  /** Asked once: whether it was done after a failure, {@link RayClient.job} tells. */
  submit(request: JobRequest, signal?: AbortSignal): Promise<string>
  /** Whether it was running. It ends a little later. */
  stop(id: string, signal?: AbortSignal): Promise<boolean>
  /** What the driver has written so far. */
  logs(id: string, signal?: AbortSignal): Promise<string>
  /** Live and dead ones. */
  nodes(signal?: AbortSignal): Promise<RayNode[]>
  /** It is kept from being cleared away for a while when it is there. */
  hasPackage(name: string, signal?: AbortSignal): Promise<boolean>
  putPackage(parameters: { name: string; data: Uint8Array }, signal?: AbortSignal): Promise<void>
  /** Where the log is followed over a WebSocket. */
  tail(id: string): { url: URL; headers: Readonly<Record<string, string>> }
}

const UPLOAD_TIMEOUT_MS = 600_000
/** More than the state API gives without being asked. */
const MOST_NODES = 10_000

/** @throws UsageError for an address that is none. */
export function createRayClient({
  address,
  token = null,
  onRetry,
  clock,
}: {
  address: string
  token?: string | null
  onRetry?: (notice: { error: Error; delayMs: number }) => void
  clock?: Clock
}): RayClient {
  const endpoint = createRayEndpoint({ address, token })
  const requests = createRayRequests({ endpoint, onRetry, ...(clock && { clock }) })
  const jobPath = (id: string): string => `/api/jobs/${encodeURIComponent(id)}`
  const packagePath = (name: string): string => `/api/packages/gcs/${encodeURIComponent(name)}`

  return {
    address: endpoint.address,
    async version(signal) {
      const what = 'its version'
      return (
        await requests.json({ method: 'GET', path: '/api/version', what, signal, schema: versionSchema })
      ).ray_version
    },
    job(id, signal) {
      const what = `job "${id}"`
      return nullIfNotFound(
        requests.json({ method: 'GET', path: jobPath(id), what, signal, schema: jobSchema }),
      )
    },
    jobs(signal) {
      return requests.json({
        method: 'GET',
        path: '/api/jobs/',
        what: 'its jobs',
        signal,
        schema: jobsSchema,
      })
    },
    async submit(body, signal) {
      const what = `submission of job "${body.submission_id}"`
      const post = { method: 'POST', path: '/api/jobs/', what, retries: 0, body, signal } as const
      return (await requests.json({ ...post, schema: submittedSchema })).submission_id
    },
    async stop(id, signal) {
      const what = `stop of job "${id}"`
      const post = { method: 'POST', path: `${jobPath(id)}/stop`, what, signal } as const
      return (await requests.json({ ...post, schema: stoppedSchema })).stopped
    },
    async logs(id, signal) {
      const what = `log of job "${id}"`
      const get = { method: 'GET', path: `${jobPath(id)}/logs`, what, signal } as const
      return (await requests.json({ ...get, schema: logsSchema })).logs
    },
    nodes(signal) {
      const path = `/api/v0/nodes?detail=true&limit=${MOST_NODES}`
      return requests.json({ method: 'GET', path, what: 'its nodes', signal, schema: nodesSchema })
    },
    async hasPackage(name, signal) {
      const what = `package ${name}`
      const found = requests.text({ method: 'GET', path: packagePath(name), what, signal })
      return (await nullIfNotFound(found)) !== null
    },
    async putPackage({ name, data }, signal) {
      const what = `upload of package ${name}`
      const put = { method: 'PUT', path: packagePath(name), what, body: data, signal } as const
      await requests.text({ ...put, timeoutMs: UPLOAD_TIMEOUT_MS })
    },
    tail(id) {
      const url = endpoint.urlOf(`${jobPath(id)}/logs/tail`)
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
      return { url, headers: endpoint.headers }
    },
  }
}

async function nullIfNotFound<Value>(answer: Promise<Value>): Promise<Value | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ClusterError && error.status === 404) return null
    throw error
  }
}
