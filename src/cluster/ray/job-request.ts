import { createHash } from 'node:crypto'
import { UsageError } from '../../core/errors.js'

/** What the driver of a job takes of a node, beside what its tasks take. */
export interface JobResources {
  cpus?: number | undefined
  gpus?: number | undefined
  /** Bytes. */
  memory?: number | undefined
  /** Of the cluster's own names. */
  others?: Readonly<Record<string, number>> | undefined
}

/** A job as it is to be. */
export interface JobSpec {
  /** A line of shell; it runs in the package's folder, where there is one. */
  entrypoint: string
  /** Name of an uploaded package, such as `codevision_0f….zip`: the working directory. */
  packageName: string | null
  /** Variables of the driver and of all that it begins. */
  environment: Readonly<Record<string, string>>
  metadata: Readonly<Record<string, string>>
  resources: JobResources
}

/** The body of `POST /api/jobs/`. */
export interface JobRequest {
  entrypoint: string
  submission_id: string
  runtime_env: Readonly<Record<string, unknown>>
  metadata: Readonly<Record<string, string>>
  entrypoint_num_cpus?: number
  entrypoint_num_gpus?: number
  entrypoint_memory?: number
  entrypoint_resources?: Readonly<Record<string, number>>
}

/** In a job's metadata: the hash of all that was submitted, by which a submission that was repeated knows its own. */
export const DIGEST_KEY = 'codevision_digest'
/** In a job's metadata, since Ray does not tell what a job asked for: its resources by Ray's names, as JSON. */
export const RESOURCES_KEY = 'codevision_resources'

/**
 * What is sent for a job. Without an id of its own it gets one that follows from the rest, so that the same submission, made twice, is one job.
 * @throws UsageError for an id or metadata that Ray does not take.
 */
export function createJobRequest({ spec, id }: { spec: JobSpec; id: string | null }): JobRequest {
  const { entrypoint, packageName, environment, metadata, resources } = spec
  if (id !== null && !/^[\w.-]{1,128}$/.test(id))
    throw new UsageError(
      `--id: expected up to 128 letters, digits, dots, hyphens and underscores, got ${JSON.stringify(id)}`,
    )
  const taken = [DIGEST_KEY, RESOURCES_KEY].find((key) => key in metadata)
  if (taken !== undefined)
    throw new UsageError(
      `--metadata ${taken}: expected a name other than this, which is kept for the submission's own.`,
    )
  const { cpus, gpus, memory, others = {} } = resources
  const byName = {
    ...(cpus !== undefined && { CPU: cpus }),
    ...(gpus !== undefined && { GPU: gpus }),
    ...(memory !== undefined && { memory }),
    ...others,
  }
  const wanted = Object.fromEntries(Object.entries(byName).filter(([, amount]) => amount > 0))
  const what = {
    entrypoint,
    runtime_env: {
      ...(packageName !== null && { working_dir: `gcs://${packageName}` }),
      ...(Object.keys(environment).length > 0 && { env_vars: sorted(environment) }),
    },
    metadata: {
      ...sorted(metadata),
      ...(Object.keys(wanted).length > 0 && { [RESOURCES_KEY]: JSON.stringify(sorted(wanted)) }),
    },
    ...(cpus !== undefined && { entrypoint_num_cpus: cpus }),
    ...(gpus !== undefined && { entrypoint_num_gpus: gpus }),
    ...(memory !== undefined && { entrypoint_memory: memory }),
    ...(Object.keys(others).length > 0 && { entrypoint_resources: sorted(others) }),
  }
  const digest = createHash('sha256').update(JSON.stringify(what)).digest('hex')
  return {
    ...what,
    submission_id: id ?? `codevision-${digest.slice(0, 16)}`,
    metadata: { ...what.metadata, [DIGEST_KEY]: digest },
  }
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
