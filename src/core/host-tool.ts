import type { PixelMode } from './image.js'

/** What a parameter takes. `image`: a PIL image; `json`: numbers, strings, lists and dicts. */
export type ToolParameter = {
  description?: string | undefined
  /** May be left out; behind all that may not. */
  optional?: boolean | undefined
} & (
  | { type: 'image' | 'string' | 'number' | 'boolean' | 'json' }
  | { type: 'choice'; choices: readonly string[] }
)

/** What a tool gives. `boxes`: a list of objects with `box` [left, top, right, bottom] in pixels, and plain fields beside it; `image`: see {@link ToolImage}. */
export type ToolResult = 'string' | 'number' | 'json' | 'image' | 'boxes'

export interface ToolLimits {
  /** Uses in one call of code. */
  maxCalls: number
  /** Uses in any minute, those of all sessions together; one session may use as many as it leaves to the others. */
  maxPerMinute: number
  /** Time for one use, in milliseconds; the deadline of the call goes on meanwhile. */
  timeoutMs: number
  /** Bytes of the arguments of one use, and of its result: text and raw pixels. */
  maxBytes: number
}

/** An image that code hands to a tool. */
export interface ToolImage {
  readonly width: number
  readonly height: number
  readonly mode: PixelMode
  /** Row by row: width × height × channels bytes. */
  readonly pixels: Buffer
  /** The same pixels as a PNG file. */
  png(): Promise<Buffer>
}

/** An argument as it arrives: checked against the parameter's type. */
export type ToolValue = ToolImage | ToolData

export type ToolData =
  string | number | boolean | null | readonly ToolData[] | { readonly [name: string]: ToolData }

/** A function of the controller that code in the sandbox may call: `tools.NAME(…)`. */
export interface HostTool {
  /** For the model, should it be told of the tools. */
  description?: string | undefined
  /** By name, in the order in which Python takes them; a type alone stands for a parameter of that type. */
  parameters: Readonly<Record<string, ToolParameter | Exclude<ToolParameter['type'], 'choice'>>>
  result: ToolResult
  /** What it may use; default 20 uses a call, 600 a minute, 5 s and 64 MiB. */
  limits?: Partial<ToolLimits> | undefined
  /**
   * Do it. What is returned is checked against `result`; an image is `{ width, height, mode, pixels }`, or the bytes of an image file. What it throws becomes a ToolError
   * of the code with the same message, so the message must hold nothing that a model may not see.
   */
  call(
    args: Readonly<Record<string, ToolValue | undefined>>,
    context: { signal: AbortSignal },
  ): Promise<unknown>
  /** Called once, before the sandbox is ready; where it fails, the sandbox does not start. */
  open?(): Promise<void>
  /** Called once, when the sandbox is closed. */
  close?(): Promise<void>
}

/** Tools by the name under which code finds them. */
export type HostTools = Readonly<Record<string, HostTool>>
