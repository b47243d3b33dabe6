import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import type { Box, Transform } from '../../core/transform.js'
import { imageSize } from '../../data/image-size.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { mapBox } from '../../data/transforms/map-box.js'
import { transformedSize } from '../../data/transforms/transformed-size.js'
import type { Size } from './curation-plan.js'
import { readEvidence, type Evidence } from './evidence.js'

/** What a row offers to whoever plans: small, so that a hundred thousand fit in memory. */
export interface Material {
  /** Which of the sources, and which of its rows, from 0. */
  readonly source: number
  readonly row: number
  /** Key and name of the row. */
  readonly key: string
  readonly id: string
  readonly question: string
  readonly answer: string
  readonly category: string | null
  readonly pictures: readonly MaterialPicture[]
}

/** One of its images, upright: what the row says was applied is undone. */
export interface MaterialPicture extends Size {
  /** What the row says was applied. */
  readonly applied: Transform
  /** Where the evidence stands; null where the row does not say. */
  readonly box: Box | null
  readonly corruption: string | null
  readonly evidence: Evidence
  /** Its sides, and those of windows in it, are multiples of it. */
  readonly grid: number
}

/** What is known of how to undo a corruption. */
export const CORRUPTIONS = ['noise', 'blur', 'low-contrast'] as const

const extras = z.object({
  boxes: z.array(z.array(z.number()).length(4)).optional().catch(undefined),
  corruption: z.enum(CORRUPTIONS).nullable().catch(null).default(null),
  /** Of the second image. */
  second_corruption: z.enum(CORRUPTIONS).nullable().catch(null).default(null),
})

/**
 * What a row offers. Images are read for their sizes, and not kept.
 * @returns a sentence where nothing can be planned with it.
 */
export async function materialOf({
  task,
  source,
  row,
  maxPixels,
  grid,
}: {
  task: Task
  source: number
  row: number
  /** Multiple that sides are brought to: 1 keeps every image as it is. */
  grid: number
  /** Most pixels of what the model sees. */
  maxPixels: number
}): Promise<Material | string> {
  const [answer] = task.answers
  if (answer === undefined || answer.trim() === '') return 'the row has no answer'
  const { boxes, corruption, second_corruption } = extras.parse(task.metadata)
  const corruptions = [corruption, second_corruption]
  const stated = statedNeed(task)
  const pictures: MaterialPicture[] = []
  for (const [at, image] of task.images.entries()) {
    const size = await image
      .read()
      .then(imageSize)
      .catch((cause: unknown) => {
        if (cause instanceof UsageError) return cause.message
        throw cause
      })
    if (typeof size === 'string') return `image ${at}: ${size}`
    const applied = at === 0 ? task.transform : 'none'
    const given = at === 0 ? task.box : ((boxes?.[at] as Box | undefined) ?? null)
    const stored = transformedSize({ ...size, transform: inverseOf(applied) })
    const upright = { width: onGrid(stored.width, grid), height: onGrid(stored.height, grid) }
    const box = given && uprightBox({ box: given, applied, given: size, upright })
    pictures.push({
      ...upright,
      applied,
      box,
      corruption: corruptions[at] ?? null,
      evidence: readEvidence({ box, size: upright, stated, maxPixels }),
      grid,
    })
  }
  const { question, category = null, key, id } = task
  return { source, row, key, id, question, answer, category, pictures }
}

/** Whether the row says that the evidence must be cropped; null: it does not say. */
function statedNeed({ requiredTools }: Task): boolean | null {
  return requiredTools === null ? null : requiredTools.includes('crop')
}

/** In whole pixels of the upright image, as far as that goes; null where nothing of it lies inside. */
function uprightBox({
  box,
  applied,
  given,
  upright: { width, height },
}: {
  box: Box
  applied: Transform
  given: Size
  upright: Size
}): Box | null {
  const stored = transformedSize({ ...given, transform: inverseOf(applied) })
  const [across, down] = [width / stored.width, height / stored.height]
  const [left, top, right, bottom] = mapBox({ box, ...given, transform: inverseOf(applied) })
  const inside: Box = [
    Math.max(0, Math.floor(left * across)),
    Math.max(0, Math.floor(top * down)),
    Math.min(width, Math.ceil(right * across)),
    Math.min(height, Math.ceil(bottom * down)),
  ]
  return inside[0] < inside[2] && inside[1] < inside[3] ? inside : null
}

function onGrid(side: number, grid: number): number {
  return Math.max(1, Math.round(side / grid)) * grid
}
