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

/** Draw a token by its scores, none of `barred`; `random` gives numbers in [0, 1). Greedy: of equal scores the first. */
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
  const highest = logits.reduce((most, score) => Math.max(most, score), -Infinity)
  const heat = temperature > 0 ? temperature : 1
  const weights = new Float64Array(logits.length)
  let total = 0
  for (let id = 0; id < logits.length; id++) {
    const weight = Math.exp(((logits[id] ?? 0) - highest) / heat)
    weights[id] = weight
    total += weight
  }
  let open = total
  for (const id of barred) {
    open -= weights[id] ?? 0
    weights[id] = 0
  }
  const chosen = temperature > 0 ? draw({ weights, total: open, topP, topK, random }) : largest(weights)
  return { id: chosen, logprob: ((logits[chosen] ?? 0) - highest) / heat - Math.log(total) }
}

function largest(weights: Float64Array): number {
  let best = 0
  for (let id = 1; id < weights.length; id++) if ((weights[id] ?? 0) > (weights[best] ?? 0)) best = id
  return best
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
  if (topP >= 1 && (topK <= 0 || topK >= weights.length)) return pick({ weights, among: null, total, random })
  const order = Array.from(weights.keys()).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b)
  const most = topK > 0 ? order.slice(0, topK) : order
  // As others apply both: the share is of what `topK` left.
  const enough = topP * most.reduce((sum, id) => sum + (weights[id] ?? 0), 0)
  const kept: number[] = []
  let sum = 0
  for (const id of most) {
    kept.push(id)
    sum += weights[id] ?? 0
    if (sum >= enough) break
  }
  return pick({ weights, among: kept, total: sum, random })
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
  const ids = among ?? weights.keys()
  let last = among?.[0] ?? 0
  for (const id of ids) {
    const weight = weights[id] ?? 0
    if (weight <= 0) continue
    last = id
    left -= weight
    if (left < 0) return id
  }
  return last
}
