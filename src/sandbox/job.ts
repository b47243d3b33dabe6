import type { PixelMode } from '../core/image.js'
import type { SandboxProfile } from '../core/sandbox.js'

/** Limits that a worker puts on itself before it runs a job. */
export interface JobLimits {
  memory_bytes: number
  cpu_seconds: number
  /** Largest file it may write, the result's pixels included. */
  file_bytes: number
}

export interface PixelsDescription {
  mode: PixelMode
  width: number
  height: number
}

/** What a worker is asked to do; names as in py_sandbox/jobs. */
export type WorkerJob =
  | { op: 'decode'; max_pixels: number }
  | ({ op: 'view'; min_pixels: number; max_pixels: number } & PixelsDescription)
  | {
      op: 'execute'
      profile: SandboxProfile
      code: string
      index: number
      count: number
      images: ({ index: number } & PixelsDescription)[]
      max_result_pixels: number
    }
  | { op: 'size_rules'; cases: Record<string, unknown>[] }

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
}
