import type { AnalysisKind } from '../../core/tool-analysis.js'

/**
 * Why only the reader of the text says it:
 * `call-failed` the call left no image; `comment` its words stand in comments or strings only; `description` no word of the code says so, the model's description
 * does; `rot90-count` the turns of np.rot90 were not read, which then counts as one; `not-verified` the call was seen, but the pixels do not bear it out;
 * `without-effect` its words are in the code, but no such operation was seen: it did not run, or an image of unknown origin came out of it.
 *
 * Why only the sandbox says it:
 * `unreadable` the text could not be read at all; `rot90-count` as above; `seen-in-pixels` no call was seen, the pixels show it; `argument-unseen` the reader knows
 * the call, but not what it was given, or not in this form; `call-unknown` the reader has no rule for such a call.
 */
export type TransformReason =
  | 'call-failed'
  | 'comment'
  | 'description'
  | 'rot90-count'
  | 'not-verified'
  | 'without-effect'
  | 'unreadable'
  | 'seen-in-pixels'
  | 'argument-unseen'
  | 'call-unknown'

/**
 * Why the boxes of a crop that both saw differ:
 * `argument-unseen` the reader could not work it out; `frame-unknown` where the result lies in the task's image cannot be told; `several-crops` the reader lists
 * each, the sandbox what came out in the end; `other-frame` the code counted in an image that was not the task's as it is: an earlier result, or turned or resized
 * before; `clipped` the code cropped beyond the image's edges; `other-values` none of these: the code computed another box than its text lets expect.
 */
export type BoxReason =
  'argument-unseen' | 'frame-unknown' | 'several-crops' | 'other-frame' | 'clipped' | 'other-values'

export type Disagreement =
  | {
      kind: 'transform'
      transform: string
      /** The source that says it; the other does not. */
      saidBy: AnalysisKind
      reason: TransformReason
    }
  | {
      kind: 'boxes'
      static: readonly (readonly number[])[]
      observed: readonly (readonly number[])[]
      reason: BoxReason
    }
