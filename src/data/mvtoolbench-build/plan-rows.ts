import { UsageError } from '../../core/errors.js'
import type { Transform } from '../../core/transform.js'
import { assignImages } from './assign-images.js'
import type { AskableImage, Candidate } from './candidate.js'
import { fractionOf } from './digest-order.js'
import type { QuestionKind } from './question-kind.js'
import { slotsFor } from './slots.js'
import { rowsBySplit, splitOf, type Split } from './splits.js'

/** A row that is to be written: which question, on which image, transformed how. */
export interface PlannedRow {
  index: number
  image: Omit<AskableImage, 'candidates'>
  candidate: Candidate
  transform: Transform
  split: string
}

/**
 * Choose the rows of each split. Which image comes first the seed decides.
 * @throws UsageError when a split has too few images, saying for how many rows they are enough.
 */
export function planRows({
  images,
  rows,
  kinds,
  splits,
  perImage,
  seed,
}: {
  images: readonly AskableImage[]
  rows: number
  kinds: readonly QuestionKind[]
  splits: readonly Split[]
  perImage: number
  seed: string
}): Map<string, PlannedRow[]> {
  const ranked = images
    .map((image) => ({ image, rank: fractionOf(seed, 'order', image.imageId) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ image }) => image)
  const planned = new Map<string, PlannedRow[]>()
  for (const [split, count] of rowsBySplit({ rows, splits })) {
    const own = ranked.filter(({ imageId }) => splitOf({ imageId, splits, seed }) === split)
    const slots = slotsFor({ rows: count, kinds })
    const assigned = assignImages({ images: own, wanted: slots.map(({ kind }) => kind), perImage })
    if (assigned.length < slots.length) {
      throw new UsageError(
        [
          `Expected images for ${slots.length} balanced rows of the split ${split}, found enough for ${assigned.length}:`,
          ...kinds.map(
            (kind) => `  ${kind}: ${own.filter(({ candidates }) => candidates[kind]).length} images`,
          ),
          'Ask for fewer rows, leave out the rarest kind (--kinds), use an image more than once (--per-image), or widen --max-area or --view-pixels.',
        ].join('\n'),
      )
    }
    planned.set(
      split,
      slots.map(({ kind, transform }, index) => {
        const image = own[assigned[index] ?? -1]
        const candidate = image?.candidates[kind]
        if (image === undefined || candidate === undefined) throw new RangeError(`no image for row ${index}`)
        const { imageId, path, width, height } = image
        return { index, image: { imageId, path, width, height }, candidate, transform, split }
      }),
    )
  }
  return planned
}
