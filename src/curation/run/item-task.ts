import { createHash } from 'node:crypto'
import type { Task } from '../../core/task.js'
import type { Box, Transform } from '../../core/transform.js'
import { mapBox } from '../../data/transforms/map-box.js'
import { requiredToolsFor } from '../../data/transforms/required-tools.js'
import { transformPixels, type PixelImage } from '../../data/transforms/transform-pixels.js'
import { canonicalPixels, encodePixels } from '../pixels/canonical-pixels.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import type { Material } from '../plan/material.js'

/** A trajectory's task as the model is given it, and what its results are held against. */
export interface ItemTask {
  readonly task: Task
  /** Upright pixels of its images. */
  readonly canonical: readonly PixelImage[]
  /** Where the evidence stands in those; null where it is not known. */
  readonly boxes: readonly (Box | null)[]
}

/**
 * Make the task of a plan from its row: each image upright first, then transformed as planned, without loss.
 * @throws UsageError when an image of the row cannot be decoded.
 */
export async function itemTask({
  plan,
  row,
  material,
  index,
}: {
  plan: CurationPlan
  row: Task
  material: Material
  /** Number of the trajectory within the set. */
  index: number
}): Promise<ItemTask> {
  const canonical = await Promise.all(
    row.images.map(async (image, at) => {
      const { applied = 'none', ...size } = material.pictures[at] ?? {}
      return canonicalPixels({ bytes: await image.read(), applied, size })
    }),
  )
  const given = await Promise.all(
    canonical.map(async (image, at) => {
      const transform = plan.images[at]?.transform ?? 'none'
      return encodePixels(transform === 'none' ? image : await transformPixels({ image, transform }))
    }),
  )
  const boxes = material.pictures.map(({ box }) => box)
  const moved = boxes.map((box, at) => {
    const [picture, transform] = [material.pictures[at], plan.images[at]?.transform]
    return box && picture && mapBox({ box, ...sizeOf(picture), transform: transform ?? 'none' })
  })
  const transform: Transform = plan.images[0]?.transform ?? 'none'
  const needsCrop = plan.steps.some(
    ({ image, operations }) => image === 0 && operations.some(({ op }) => op === 'crop'),
  )
  const task: Task = {
    ...row,
    key: plan.taskKey,
    id: `${row.id}.${index}`,
    images: given.map((bytes) => ({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      read: () => Promise.resolve(bytes),
    })),
    transform,
    requiredTools: requiredToolsFor({ transform, needsCrop }),
    box: moved[0] ?? null,
    metadata: {
      ...row.metadata,
      boxes: moved,
      row: { id: row.id, key: row.key },
      plan: { images: plan.images, steps: plan.steps, provocation: plan.provocation, seed: plan.seed },
    },
  }
  return { task, canonical, boxes }
}

function sizeOf({ width, height }: { width: number; height: number }): { width: number; height: number } {
  return { width, height }
}
