import type { CodeCall } from '../core/code-call.js'
import type { Execution } from '../core/execution.js'
import type { StopReason } from '../core/trajectory.js'

/** What happens in a rollout, as it happens; `turn` counts assistant turns from 0. */
export type RolloutEvent =
  /** An image of the task holds further frames or pages; the policy is given the first. */
  | { type: 'animated-image'; index: number }
  | { type: 'turn-started'; turn: number }
  /** `calls`: how many came natively, besides the text. */
  | { type: 'text'; turn: number; text: string; calls: number }
  /** `note`: what the model is told besides the result, such as that further calls of the turn were not run. */
  | { type: 'call'; turn: number; call: CodeCall; note: string | null }
  | { type: 'malformed-call'; turn: number; message: string }
  | { type: 'execution'; turn: number; execution: Execution }
  | { type: 'stopped'; turns: number; stop: StopReason }
