import type { CodeCall } from './code-call.js'
import type { ExecutionRecord } from './execution.js'
import type { ImageRecord } from './image.js'
import type { Message } from './message.js'
import type { TokenUsage } from './policy.js'

/** Why a rollout ended. */
export type StopReason =
  /** A turn without a tool call: the final answer stands in it (or does not). */
  | 'answer'
  /** The last allowed assistant turn asked for a tool once more. */
  | 'turn-limit'
  /** The conversation's token limit was reached. */
  | 'token-limit'
  /** A turn reached its limit of tokens or characters, its text is cut. */
  | 'truncated'

/** One image of the trajectory's list. */
export interface TrajectoryImage extends ImageRecord {
  /** The call that made it (index into `calls`), or null for an image of the task. */
  call: number | null
  /** The file of the task holds further frames or pages; this is the first. Absent where it does not. */
  isAnimated?: true
  /** Copy the model saw; null where it was not shown. */
  view: ImageRecord | null
}

/** One executed (or refused) call. */
export interface TrajectoryCall {
  /** Assistant turn that asked for it, from 0. */
  turn: number
  call: CodeCall
  execution: ExecutionRecord
}

/** A whole rollout: plain JSON, can be re-scored, re-viewed and trained on without running anything again. */
export interface Trajectory {
  /** Images appear by their index in `images`. */
  messages: Message<ImageRecord>[]
  images: TrajectoryImage[]
  calls: TrajectoryCall[]
  /** Assistant turns. */
  turns: number
  /** Tool calls that could not be read, told to the model (mode `robust`) or dropped (mode `hermes`). */
  malformedCalls: number
  stop: StopReason
  usage: TokenUsage
}
