import { clamp } from './clamp.js'

export interface PolicyLossBounds {
  /** The ratio of probabilities counts from 1 − clipLow … */
  clipLow: number
  /** … to 1 + clipHigh. */
  clipHigh: number
  /** The loss of a token with a negative advantage is at most this times its size (dual clip); above 1. */
  dualClip: number
  /** The loss is weighted by how much likelier the token is under the old policy than it was where it was sampled, at most by this; absent: not. */
  importanceCap?: number | undefined
}

export interface PolicyLossToken {
  logprob: number
  /** Under the policy that the step began with. */
  old: number
  advantage: number
  /** When the token was sampled, for `importanceCap`; absent: the same as `old`. */
  sampled?: number
}

export interface PolicyLoss {
  value: number
  /** Of the batch's loss, by `logprob`. */
  derivative: number
  /** Old minus new log-probability, within ±20: its mean estimates how far the policy has gone. */
  distance: number
  /** The clipped term decides. */
  isClipped: boolean
  /** The dual clip decides. */
  isDualClipped: boolean
}

/** Distances of log-probabilities beyond this are cut. */
const LARGEST_DISTANCE = 20

/**
 * Clipped loss of one token (paper, section 4.3): max(−A r, −A clamp(r)), and where A < 0 no more than −A c. Where two terms are equal each has half of the derivative;
 * exactly on a bound the derivative is that of the unclipped term.
 * @throws RangeError when the dual clip is not above 1.
 */
export function policyLoss({
  token: { logprob, old, advantage, sampled = old },
  bounds: { clipLow, clipHigh, dualClip, importanceCap },
  weight = 1,
}: {
  token: PolicyLossToken
  bounds: PolicyLossBounds
  /** Derivative of the batch's loss by that of this token. */
  weight?: number
}): PolicyLoss {
  if (!(dualClip > 1)) throw new RangeError(`dualClip: expected more than 1, got ${dualClip}`)
  const distance = clamp({ value: logprob - old, low: -LARGEST_DISTANCE, high: LARGEST_DISTANCE })
  const ratio = Math.exp(distance.value)
  const clipped = clamp({ value: ratio, low: 1 - clipLow, high: 1 + clipHigh })
  const free = -advantage * ratio
  const bounded = -advantage * clipped.value
  const [worse, ofFree, ofBounded] = larger(free, bounded)
  const ceiling = -advantage * dualClip
  const [cut, , ofWorse] = smaller(ceiling, worse)
  const importance = importanceCap === undefined ? 1 : Math.min(Math.exp(old - sampled), importanceCap)
  const isNegative = advantage < 0
  // From the loss back to the log-probability.
  const byLoss = weight * importance
  const byWorse = isNegative ? share(byLoss, ofWorse) : byLoss
  const byRatio =
    share(byWorse, ofFree) * -advantage + (clipped.isFree ? share(byWorse, ofBounded) * -advantage : 0)
  return {
    value: importance * (isNegative ? cut : worse),
    derivative: distance.isFree ? byRatio * ratio : 0,
    distance: -distance.value,
    isClipped: bounded > free,
    isDualClipped: isNegative && worse > ceiling,
  }
}

/** What goes on along one of two ways: all, half, or nothing, where nothing stays nothing whatever came. */
function share(derivative: number, part: number): number {
  return part === 0 ? 0 : part * derivative
}

/** The larger of two numbers, NaN if one is, and the derivative by each. */
function larger(a: number, b: number): [number, number, number] {
  if (a === b) return [a, 0.5, 0.5]
  return [Math.max(a, b), a < b ? 0 : 1, a > b ? 0 : 1]
}

function smaller(a: number, b: number): [number, number, number] {
  const [value, ofA, ofB] = larger(-a, -b)
  return [-value, ofA, ofB]
}
