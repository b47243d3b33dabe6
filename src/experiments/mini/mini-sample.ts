import type { ExecutionFailed } from '../../core/execution.js'
import type { CodeCall } from '../../core/code-call.js'
import type { Message } from '../../core/message.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import type { BoardTask } from '../../data/card-board/board-task.js'

/** What samples of the mini experiment teach: dense captions, places, digits, orientation, direct answers (the base), whole trajectories and their answers alone (SFT). */
export const MINI_TASKS = [
  'colours',
  'boxes',
  'places',
  'glyph',
  'tiles',
  'sheet',
  'digits',
  'numbers',
  'orientation',
  'direct',
  'trajectory',
  'reading',
] as const
export type MiniTaskName = (typeof MINI_TASKS)[number]

/** What a turn of the assistant does. */
export type TurnKind = 'answer' | 'turn' | 'zoom' | 'mistake'

/** A conversation to learn from, with the views of its images as pixels. */
export interface MiniSample {
  readonly task: MiniTaskName
  readonly board: BoardTask
  readonly messages: readonly Message<PixelImage>[]
  /** Of each turn of the assistant. */
  readonly turns: readonly { readonly kind: TurnKind; readonly isLearned: boolean }[]
  /** Calls of the tool in order, with the image that each leaves, in full resolution, or its failure. */
  readonly calls: readonly MiniCall[]
}

export interface MiniCall {
  readonly call: Required<CodeCall>
  readonly outcome:
    | { readonly status: 'ok'; readonly image: PixelImage }
    | { readonly status: 'error'; readonly execution: ExecutionFailed }
}
