import type { PixelMode } from '../core/image.js'
import type { SandboxProfile } from '../core/sandbox.js'
import type { JobTools } from './tools/call-tools.js'
import type { DescribedTool } from './tools/described-tool.js'

/** Limits that a worker puts on itself before it runs a job. */
export interface JobLimits {
  memory_bytes: number
  cpu_seconds: number
  /** Largest file it may write, the result's pixels included. */
  file_bytes: number
}

export function jobLimits({
  timeoutMs,
  memoryBytes,
  fileBytes,
}: Pick<HostJob, 'timeoutMs' | 'memoryBytes' | 'fileBytes'>): JobLimits {
  return {
    memory_bytes: memoryBytes,
    cpu_seconds: Math.ceil(timeoutMs / 1000) + 1,
    file_bytes: fileBytes,
  }
}

export interface PixelsDescription {
  mode: PixelMode
  width: number
  height: number
}

/** What a worker is asked to do; names as in py_sandbox/jobs. */
export type WorkerJob =
  | { op: 'decode'; profile: SandboxProfile; max_pixels: number }
  | ({ op: 'view'; min_pixels: number; max_pixels: number } & PixelsDescription)
  | {
      op: 'execute'
      profile: SandboxProfile
      code: string
      index: number
      count: number
      images: ({ index: number; file: string } & PixelsDescription)[]
      max_result_pixels: number
      /** Whether what the code does to images is noted. */
      observe: boolean
      /** What the code may ask the controller; absent: nothing. */
      tools?: readonly DescribedTool[]
    }
  | { op: 'size_rules'; cases: Record<string, unknown>[] }
  | AnalyzeJob

/** Tell what calls do from their text alone. */
export interface AnalyzeJob {
  op: 'analyze'
  /** Whether a description that is an object counts by its text. */
  reads_objects: boolean
  /** The description is JSON text. */
  calls: { code: string; description: string }[]
}

/** What the host prepares when a job ended, while the model thinks: a locked-down worker that has the image of the next call. */
export interface NextCall extends Omit<JobLimits, 'cpu_seconds'> {
  /** Which image the next call will probably name: what this job makes, or what it was given. */
  of: 'result' | 'input'
  profile: SandboxProfile
  /** What the call may use beyond `memory_bytes` for each pixel that it is given. */
  memory_bytes_per_pixel: number
  /** Files that the call will bring at most. */
  descriptors: number
}

export interface HostJob {
  job: WorkerJob
  /** Files of the exchange directory that the worker gets, in order. */
  files: string[]
  /** File to be created for the pixels, or null. */
  result: string | null
  timeoutMs: number
  memoryBytes: number
  /** Largest file that the worker may write: its result, or one of its own. */
  fileBytes: number
  /** Number of the session whose next call is prepared; undefined where there is none. */
  session?: number
  then?: NextCall
  /** Who answers what the code asks of tools; undefined: nobody. */
  tools?: JobTools | undefined
}
