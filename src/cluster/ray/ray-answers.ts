import { z } from 'zod'

/** States of a job; the last three are for good. */
export const JOB_STATUSES = ['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

const text = z.string().nullish().default(null)
const milliseconds = z.number().nullish().default(null)

/** What the dashboard says of one job; fields that are not read here are left out. Times are milliseconds since 1970. */
export const jobSchema = z.object({
  /** DRIVER: begun by a script of its own, and not by submission. */
  type: z.string(),
  submission_id: text,
  job_id: text,
  status: z.enum(JOB_STATUSES),
  entrypoint: z.string(),
  message: text,
  error_type: text,
  start_time: milliseconds,
  end_time: milliseconds,
  metadata: z.record(z.string(), z.string()).nullish().default(null),
  runtime_env: z.record(z.string(), z.unknown()).nullish().default(null),
  /** Null until a driver has started; stays when its node dies. */
  driver_node_id: text,
  driver_agent_http_address: text,
  driver_exit_code: z.number().nullish().default(null),
})
export type Job = z.infer<typeof jobSchema>

export const jobsSchema = z.array(jobSchema)

export const submittedSchema = z.object({ submission_id: z.string() })

export const stoppedSchema = z.object({ stopped: z.boolean() })

export const logsSchema = z.object({ logs: z.string() })

export const versionSchema = z.object({ ray_version: z.string() })

const nodeSchema = z.object({
  node_id: z.string(),
  node_ip: z.string(),
  is_head_node: z.boolean(),
  /** ALIVE or DEAD. */
  state: z.string(),
  state_message: text,
  /** Of `CPU`, `GPU`, `memory` (bytes) and others. */
  resources_total: z.record(z.string(), z.number()).nullish().default({}),
  start_time_ms: milliseconds,
  end_time_ms: milliseconds,
})
export type RayNode = z.infer<typeof nodeSchema>

/** Of the state API, which wraps its rows twice. */
export const nodesSchema = z
  .object({ data: z.object({ result: z.object({ result: z.array(nodeSchema) }) }) })
  .transform(({ data }) => data.result.result)

/** Whether a job is over. */
export function isOver({ status }: { status: JobStatus }): boolean {
  return status === 'STOPPED' || status === 'SUCCEEDED' || status === 'FAILED'
}
