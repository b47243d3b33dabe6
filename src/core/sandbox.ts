import type { CodeCall } from './code-call.js'
import type { Execution } from './execution.js'
import type { SandboxImage } from './image.js'

export type SandboxProfile = 'standard' | 'release'

/** What a session is opened with: a file's bytes, or its path. */
export type ImageSource = Buffer | string

/** Versions of what runs the code; stored in every manifest. */
export interface SandboxVersions {
  python: string
  pillow: string
  numpy: string
  opencv: string
  /** `docker`, `podman`, `bubblewrap`, `none` or `socket`. */
  runtime: string
  profile: SandboxProfile
  containment: Containment
}

/** By what each kind of harm is kept out of the machine, in words. */
export type Containment = Readonly<Record<string, string>>

/** What a sandbox does at the moment. */
export interface SandboxStats {
  /** Calls that wait for their turn. */
  queued: number
  /** Calls that run. */
  running: number
  /** Calls that can run at the same time. */
  capacity: number
  /** Open sessions. */
  sessions: number
  /** Host processes that are up, spare ones included. */
  hosts: number
  /** Calls that have ended since it was started. */
  calls: number
  /** Attempts that were made again since the machine failed, such as when a host died. */
  retries: number
  /** Milliseconds from a call's arrival to its end that 95 of 100 of the last 1,000 did not pass; null before the first. */
  p95Ms: number | null
  /** Bytes that the images of the open sessions hold. */
  bytes: number
}

/** Asked of each image once it is decoded, before it is the session's; what it throws is thrown, and nothing of the image is left. */
export type AdmitImage = (image: SandboxImage) => void

export interface OpenOptions {
  /** Whose session it is: all sessions of one user count together in what a tool may be used in a minute. Default: the session counts by itself. */
  user?: string
  admit?: AdmitImage | undefined
  signal?: AbortSignal
}

/**
 * Runs model code. Every method throws `SandboxError` for what the machine did wrong; what the code did wrong is a result.
 */
export interface Sandbox {
  readonly profile: SandboxProfile
  versions(): Promise<SandboxVersions>
  /**
   * Open a session over the images of a task.
   * @throws ImageError (a UsageError) when an image cannot be decoded: corrupt, empty, too large.
   */
  open(images: readonly ImageSource[], options?: OpenOptions): Promise<SandboxSession>
  /** Of sandboxes that keep count. */
  stats?(): SandboxStats
  close(): Promise<void>
}

export interface ViewOptions {
  /** Bounds of width × height. */
  minPixels: number
  maxPixels: number
  signal?: AbortSignal
}

export interface SandboxSession {
  /** The trajectory's images; grows by one with each successful call, and each image that is added. */
  readonly images: readonly SandboxImage[]
  /**
   * Append one more image, after the calls that were asked for before. Resolves to its index.
   * @param options.name what errors call it; default: its path, or its place.
   * @throws ImageError as `open` does, what `options.admit` throws; the session stays usable.
   */
  add(
    image: ImageSource,
    options?: { name?: string; admit?: AdmitImage | undefined; signal?: AbortSignal },
  ): Promise<number>
  /**
   * Run one call. Calls of one session queue in order. An aborted call rejects with AbortError and leaves the session usable.
   * `timeoutMs` counts from the moment the code starts.
   */
  execute(call: CodeCall, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<Execution>
  /** The copy of an image that the model sees: resized with LANCZOS into the bounds, aspect kept. */
  view(index: number, options: ViewOptions): Promise<SandboxImage>
  close(): Promise<void>
}
