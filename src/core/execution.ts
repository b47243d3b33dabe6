import type { PixelMode, SandboxImage } from './image.js'
import type { Box } from './transform.js'

/**
 * What went wrong in a call:
 * `syntax` the code does not parse, `policy` a rule of the profile refused it, `runtime` it raised, `timeout` its deadline passed,
 * `memory` its memory limit was reached, `output` the worker's answer was malformed, `result` it left no usable image,
 * `crash` the worker died.
 */
export type ErrorKind = 'syntax' | 'policy' | 'runtime' | 'timeout' | 'memory' | 'output' | 'result' | 'crash'

/** One operation that was observed while the code ran. */
export interface Operation {
  /** A name of the field's vocabulary (`rotate_90`, `crop` …), or null. */
  op: string | null
  /** The function that was called, as the library names it; `pixels` where no call was seen, but the pixels show what was done. */
  call: string
  /** Its arguments as it was given them, shortened; the named ones as one mapping at the end. They are the worker's word. */
  args: unknown[]
  /** Affine map from the pixels of what it made to those of what it was given, [a, b, c, d, e, f]: x' = a·x + b·y + c, y' = d·x + e·y + f. Null where there is none. */
  affine: number[] | null
  /** Region of the task's image that the result of the whole call shows; null where it cannot be told, and where the operation is not verified. */
  box: Box | null
  /** Confirmed outside the worker, by comparing the pixels of the result with those of the input. Of what is not, only the worker knows. */
  verified: boolean
  /** Of a use of a host tool: how it ended. `call` is `tools.NAME` then, `args` the form of each argument, and `verified` true, since the controller was asked. */
  tool?: ToolUse
}

export interface ToolUse {
  /** `failed`: the tool gave nothing usable, `refused`: it was never begun, `timeout`: it took too long, `unfinished`: the call ended before it. */
  outcome: 'ok' | 'failed' | 'refused' | 'timeout' | 'unfinished'
  /** What the code was told, where it got no result. */
  message: string | null
  durationMs: number
}

interface ExecutionBase {
  /** stdout and stderr in order; at most 10,000 characters (head and tail kept). */
  stdout: string
  operations: Operation[]
  /** From submission to verdict, in milliseconds. */
  durationMs: number
}

/** The call left an image; it is now the session's last. */
export interface ExecutionOk<Image = SandboxImage> extends ExecutionBase {
  status: 'ok'
  image: Image
  /** Same mode, size and pixels as the input (profile `standard`; always false under `release`). */
  unchanged: boolean
  /** Index of the new image in the session. */
  imageIndex: number
}

/** The call failed: the model's fault, so a result and not an exception. */
export interface ExecutionFailed extends ExecutionBase {
  status: 'error'
  kind: ErrorKind
  /** Class of the Python exception (`NameError`), or null where none was raised. */
  type: string | null
  /** `str(exception)`; at most 4,000 characters. */
  message: string
  /** Traceback cut to the frames of the model's code; at most 8,000 characters; empty where there is none. */
  traceback: string
  /** Line of the model's code that failed, from 1. */
  line: number | null
  /** Size of a result that was refused, where there was one. */
  width?: number
  height?: number
}

export type Execution<Image = SandboxImage> = ExecutionOk<Image> | ExecutionFailed

/** An execution as a trajectory file holds it: the image is a reference by hash. */
export type ExecutionRecord = Execution<{
  sha256: string
  width: number
  height: number
  mode: PixelMode
  sourceMode: string
}>
