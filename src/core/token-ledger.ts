import { LedgerError } from './errors.js'

/** An image among the tokens of a ledger. */
export interface LedgerImage {
  /** Of the file that the model saw: the `view` of a trajectory's image. */
  readonly sha256: string
  /** In visual tokens; the image stands for height × width pads. */
  readonly grid: { readonly height: number; readonly width: number }
}

/** Tokens that follow each other, all sampled or none. Lists are equally long. */
export interface TokenSegment {
  readonly ids: readonly number[]
  /** 1: sampled by the policy, to be trained. */
  readonly mask: readonly (0 | 1)[]
  /** Natural logarithm of each token's probability when it was sampled, at the temperature it was sampled at; 0 where it was not. */
  readonly logprobs: readonly number[]
  /** Images whose pads stand among `ids`, in their order. */
  readonly images: readonly LedgerImage[]
}

/** A rollout as the tokens it was: what was sampled is what is trained, never a second reading of its text. */
export interface TokenLedger {
  readonly segments: readonly TokenSegment[]
}

/** A ledger that grows with its rollout. */
export interface OpenTokenLedger extends TokenLedger {
  /** All tokens so far. */
  readonly ids: readonly number[]
  /** Tokens that the policy was given: what its template writes, questions, results, images. @throws LedgerError when pads and images do not match. */
  addContext(context: { ids: readonly number[]; images: readonly LedgerImage[] }): void
  /**
   * Tokens that it sampled, given `prompt`.
   * @throws LedgerError when `prompt` is not what the ledger holds, when there are not as many log-probabilities as tokens, or one is no log-probability.
   */
  addTurn(turn: { prompt: readonly number[]; ids: readonly number[]; logprobs: readonly number[] }): void
}

/** Start an empty ledger of a model whose visual tokens stand as `imagePad`. */
export function createTokenLedger({ imagePad }: { imagePad: number }): OpenTokenLedger {
  const segments: TokenSegment[] = []
  const all: number[] = []
  const append = (segment: TokenSegment): void => {
    checkSegment({ segment, imagePad })
    segments.push(segment)
    for (const id of segment.ids) all.push(id)
  }
  return {
    segments,
    ids: all,
    addContext({ ids, images }) {
      append({ ids: [...ids], mask: ids.map(() => 0), logprobs: ids.map(() => 0), images: [...images] })
    },
    addTurn({ prompt, ids, logprobs }) {
      checkPrompt({ prompt, held: all })
      append({ ids: [...ids], mask: ids.map(() => 1), logprobs: [...logprobs], images: [] })
    },
  }
}

/** @throws LedgerError when a segment cannot be trained: lengths that differ, ids that are none, pads that are not those of its images one by one, numbers that are no log-probabilities. */
export function checkSegment({
  segment: { ids, mask, logprobs, images },
  imagePad,
}: {
  segment: TokenSegment
  imagePad: number
}): void {
  if (mask.length !== ids.length || logprobs.length !== ids.length)
    throw new LedgerError(
      `expected a mask and a log-probability for each of ${ids.length} tokens, got ${mask.length} and ${logprobs.length}`,
    )
  const odd = ids.findIndex((id) => !Number.isSafeInteger(id) || id < 0)
  if (odd >= 0)
    throw new LedgerError(`token ${odd}: expected an id, a whole number from 0 on, got ${ids[odd]}`)
  checkPads({ ids, images, imagePad })
  const wrong = logprobs.findIndex((value) => !Number.isFinite(value) || value > 1e-3)
  if (wrong >= 0)
    throw new LedgerError(`token ${wrong}: expected a log-probability, got ${String(logprobs[wrong])}`)
}

/** Pads that follow each other are those of an image, or of several, one after the other: of each all, in their order. */
function checkPads({
  ids,
  images,
  imagePad,
}: Pick<TokenSegment, 'ids' | 'images'> & { imagePad: number }): void {
  const sizes = images.map(({ grid }) => grid.height * grid.width)
  const runs = padRuns({ ids, imagePad })
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0)
  if (total(runs) !== total(sizes))
    throw new LedgerError(
      `expected ${total(sizes)} image pads, those of ${images.length} images, got ${total(runs)}`,
    )
  const ends = (counts: readonly number[]): number[] => counts.map((_, at) => total(counts.slice(0, at + 1)))
  const whole = new Set(ends(sizes))
  if (!ends(runs).every((end) => whole.has(end)))
    throw new LedgerError(
      `expected the pads of each image to stand together (${sizes.join(', ')}, by their grids), got ${runs.join(', ')}`,
    )
}

/** How many pads stand together, wherever some do. */
function padRuns({ ids, imagePad }: { ids: readonly number[]; imagePad: number }): number[] {
  const runs: number[] = []
  ids.forEach((id, index) => {
    if (id !== imagePad) return
    if (ids[index - 1] === imagePad) runs.push((runs.pop() ?? 0) + 1)
    else runs.push(1)
  })
  return runs
}

function checkPrompt({ prompt, held }: { prompt: readonly number[]; held: readonly number[] }): void {
  const at = held.findIndex((id, index) => id !== prompt[index])
  if (at >= 0 || prompt.length !== held.length)
    throw new LedgerError(
      `expected the turn's prompt to be the ${held.length} tokens before it, got ${prompt.length} tokens${at < 0 ? '' : ` that differ from token ${at} on`}`,
    )
}
