/** Bounds of what code may use and make. */
export interface SandboxLimits {
  /** Deadline of a call, where the call does not name its own. */
  timeoutMs: number
  /** Memory of a call. */
  memoryBytes: number
  /** Largest result, in pixels. */
  maxResultPixels: number
  /** Largest image that a session may be opened with, in pixels. */
  maxInputPixels: number
}
