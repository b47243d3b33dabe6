import { ModelError } from '../../core/errors.js'
import { expOfNegative } from './exp-of-negative.js'
import { largestFirst } from './largest-first.js'

/** How the next token is drawn. */
export interface Sampling {
  /** 0: the most probable one. */
  readonly temperature: number
  /** Only the most probable tokens whose probabilities sum to this; 1: all. */
  readonly topP: number
  /** Only so many of the most probable tokens; 0: all. */
  readonly topK: number
}

/** A token that was drawn. */
export interface ChosenToken {
  readonly id: number
  /** Natural logarithm of its probability at the temperature (greedy: at 1), over all tokens, whatever `topP` and `topK` left out. */
  readonly logprob: number
}

const NONE: ReadonlySet<number> = new Set()

/**
 * Draw a token by its scores, none of `barred`; `random` gives numbers in [0, 1). Greedy: of equal scores the first.
 * @throws ModelError when scores are not finite, as those of weights that a training has spoilt.
 */
export function chooseToken({
  logits,
  sampling: { temperature, topP, topK },
  random,
  barred = NONE,
}: {
  logits: Float32Array
  sampling: Sampling
  random: () => number
  /** Tokens that stand for something else than text, such as an image that is not there. */
  barred?: ReadonlySet<number>
}): ChosenToken {
  const heat = temperature > 0 ? temperature : 1
  const weights = room(logits.length)
  // Beside the highest score that may be drawn: beside a barred one that towers above it, all others would vanish.
  const best = bestOpen({ logits, barred })
  const highest = logits[best] ?? NaN
  const total = weigh({ logits, highest, heat, barred, weights })
  if (!Number.isFinite(total))
    throw new ModelError(
      `expected finite scores of the next token, got some that are not (the highest: ${highest}); the weights of the checkpoint are damaged, or a training has spoilt them`,
    )
  const chosen = temperature > 0 ? draw({ weights, total, topP, topK, random }) : best
  let logTotal = Math.log(total)
  for (const id of barred)
    if (id < logits.length) logTotal = logOfSum(logTotal, ((logits[id] as number) - highest) / heat)
  return { id: chosen, logprob: ((logits[chosen] ?? 0) - highest) / heat - logTotal }
}

/** Of two numbers that are given by their logarithms. */
function logOfSum(one: number, other: number): number {
  return Math.max(one, other) + Math.log1p(Math.exp(-Math.abs(one - other)))
}

/** Kept from token to token; nobody sees it between two. */
let kept = new Float64Array()

function room(length: number): Float64Array {
  if (kept.length < length) kept = new Float64Array(length)
  return kept.subarray(0, length)
}

// Plain loops: what is below runs once a token over the whole vocabulary.

/** The first of those with the highest score; -1 where there is none. */
function bestOpen({ logits, barred }: { logits: Float32Array; barred: ReadonlySet<number> }): number {
  let most = -Infinity
  let best = -1
  for (let id = 0; id < logits.length; id++) {
    const score = logits[id] as number
    if (score > most && !barred.has(id)) {
      most = score
      best = id
    }
  }
  return best
}

/** Make weights of scores, the largest 1, those of barred tokens 0; gives their sum. */
function weigh({
  logits,
  highest,
  heat,
  barred,
  weights,
}: {
  logits: Float32Array
  highest: number
  heat: number
  barred: ReadonlySet<number>
  weights: Float64Array
}): number {
  let total = 0
  for (let id = 0; id < logits.length; id++) {
    const distance = ((logits[id] as number) - highest) / heat
    // Only a barred one stands above.
    const weight = expOfNegative(distance > 0 ? 0 : distance)
    weights[id] = weight
    total += weight
  }
  for (const id of barred)
    if (id < weights.length) {
      total -= weights[id] as number
      weights[id] = 0
    }
  return total
}

function draw({
  weights,
  total,
  topP,
  topK,
  random,
}: {
  weights: Float64Array
  /** Of all weights. */
  total: number
  topP: number
  topK: number
  random: () => number
}): number {
  const isCut = topK > 0 && topK < weights.length
  if (topP >= 1 && !isCut) return pick({ weights, among: null, total, random })
  const most = isCut ? first({ ids: largestFirst(weights), count: topK }) : largestFirst(weights)
  // As others apply both: the share is of what `topK` left.
  const enough = topP * (Array.isArray(most) ? sumOf({ weights, ids: most }) : sumOfAll(weights))
  const among: number[] = []
  let sum = 0
  for (const id of most) {
    among.push(id)
    sum += weights[id] as number
    if (sum >= enough) break
  }
  return pick({ weights, among, total: sum, random })
}

function first({ ids, count }: { ids: Iterator<number, void>; count: number }): number[] {
  return Array.from({ length: count }, () => ids.next().value ?? 0)
}

function sumOfAll(weights: Float64Array): number {
  let sum = 0
  for (let id = 0; id < weights.length; id++) sum += weights[id] as number
  return sum
}

function sumOf({ weights, ids }: { weights: Float64Array; ids: readonly number[] }): number {
  return ids.reduce((sum, id) => sum + (weights[id] as number), 0)
}

function pick({
  weights,
  among,
  total,
  random,
}: {
  weights: Float64Array
  among: readonly number[] | null
  total: number
  random: () => number
}): number {
  let left = random() * total
  let last = among?.[0] ?? 0
  const count = among?.length ?? weights.length
  for (let at = 0; at < count; at++) {
    const id = among === null ? at : (among[at] as number)
    const weight = weights[id] as number
    if (weight <= 0) continue
    last = id
    left -= weight
    if (left < 0) return id
  }
  return last
}
