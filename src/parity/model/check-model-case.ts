import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expandImagePads } from '../../models/generate/expand-image-pads.js'
import type { VisionLanguageModel } from '../../models/open-model.js'
import { ropePositions } from '../../models/positions/rope-positions.js'
import { processImage, type ProcessedImage } from '../../models/processor/process-image.js'
import { computeCase } from './compute-case.js'
import type { ModelCase, Tolerance } from './model-cases.js'

/** How one case came out; `problems` is empty where everything is within tolerance. */
export interface CaseResult {
  readonly problems: readonly string[]
  readonly worstLogit: number
  readonly worstGradient: number
}

/** Hold everything that the reference says of a case against what this engine computes on the backend that is open. */
export async function checkModelCase({
  model,
  known,
  tolerance,
}: {
  model: VisionLanguageModel
  known: ModelCase
  tolerance: Tolerance
}): Promise<CaseResult> {
  const problems: string[] = []
  const same = (what: string, ours: ArrayLike<unknown>, theirs: readonly unknown[]): void => {
    const at = theirs.findIndex((value, index) => ours[index] !== value)
    const length = ours.length === theirs.length ? null : `${ours.length} instead of ${theirs.length}`
    if (at >= 0) problems.push(`${what} ${at}: expected ${String(theirs[at])}, got ${String(ours[at])}`)
    else if (length !== null) problems.push(`${what}: ${length}`)
  }
  const near = (what: string, difference: number, allowed: number): void => {
    if (!(difference <= allowed))
      problems.push(`${what} differs by ${difference.toExponential(2)}, allowed ${allowed}`)
  }

  const { template, tokenizer, config, directory, processor } = model
  const text = template.render({ messages: known.messages, addGenerationPrompt: true })
  if (text !== known.text)
    problems.push(`text: expected ${JSON.stringify(known.text)}, got ${JSON.stringify(text)}`)
  const images: ProcessedImage[] = []
  for (const path of known.images)
    images.push(await processImage({ bytes: await readFile(join(directory, path)), config: processor }))
  const { imagePad } = config.tokens
  const ids = expandImagePads({
    ids: tokenizer.encode(text),
    imagePad,
    counts: images.map(({ tokens }) => tokens),
  })
  same('token', ids, known.input_ids)
  same(
    'grid',
    images.flatMap(({ grid }) => [1, grid.height, grid.width]),
    known.image_grid_thw.flat(),
  )
  const { mergeSize } = config.vision
  const grids = images.map(({ grid }) => ({ height: grid.height / mergeSize, width: grid.width / mergeSize }))
  const { axes } = ropePositions({ ids, imagePad, grids })
  for (const [axis, name] of (['time', 'height', 'width'] as const).entries())
    same(`position of ${name}`, axes[axis] ?? [], known.position_ids[axis] ?? [])
  near('a pixel', worstPixel({ images, sample: known.pixel_values_sample }), 1e-5)
  // Nothing further can agree.
  if (problems.length > 0) return { problems, worstLogit: Infinity, worstGradient: Infinity }

  const computed = await computeCase({ model, ids, images, known })
  const worstLogit = worst(computed.logitsLast, known.logits_last)
  near('a score of the last position', worstLogit, tolerance.logits_abs)
  near('a log-probability', worst(computed.logprobs, known.logprobs), tolerance.logprob_abs)
  same('greedy token', computed.greedy, known.greedy)
  near('the loss (relative)', relative(computed.loss, known.train.loss), tolerance.loss_rel)
  let worstGradient = 0
  for (const [name, norm] of Object.entries(known.train.grad_norms)) {
    const difference = relative(computed.gradientNorms.get(name) ?? NaN, norm)
    near(`the gradient of ${name} (norm, relative)`, difference, tolerance.grad_norm_rel)
    worstGradient = Number.isNaN(difference) ? NaN : Math.max(worstGradient, difference)
  }
  return { problems, worstLogit, worstGradient }
}

/** Row of all images' patches one below the other; a negative column counts from the end. */
function worstPixel({
  images,
  sample,
}: {
  images: readonly ProcessedImage[]
  sample: ModelCase['pixel_values_sample']
}): number {
  const width =
    (images[0]?.patches.length ?? 0) / ((images[0]?.grid.height ?? 1) * (images[0]?.grid.width ?? 1))
  const all = images.flatMap(({ patches }) => [...patches])
  return Math.max(
    0,
    ...sample.map(([row, column, value]) =>
      Math.abs((all[row * width + (column < 0 ? width + column : column)] ?? NaN) - value),
    ),
  )
}

function worst(ours: ArrayLike<number>, theirs: readonly number[]): number {
  return Math.max(0, ...theirs.map((value, at) => Math.abs((ours[at] ?? NaN) - value)))
}

/** Norms that are zero but for rounding are compared as they are. */
function relative(ours: number, theirs: number): number {
  return Math.abs(ours - theirs) / Math.max(Math.abs(theirs), 1e-3)
}
