import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { mapBox } from '../transforms/map-box.js'
import { transformImage } from '../transforms/transform-image.js'
import type { NewRow } from '../write-parquet.js'
import type { ImageForm } from './image-form.js'
import type { PlannedRow } from './plan-rows.js'

export interface RenderedRow {
  row: NewRow
  planned: PlannedRow
  /** PNG. */
  given: Uint8Array
}

export const DATASET_NAME = 'hiertext'

/** Images that are read and transformed at a time. */
const AHEAD = Math.min(availableParallelism(), 4)

/**
 * The rows with their images, one after the other.
 * @throws UsageError when an image cannot be decoded, naming it.
 */
export async function* renderRows({
  rows,
  images,
  onRow,
  signal,
}: {
  rows: readonly PlannedRow[]
  images: ImageForm
  /** Told of each row, with its image as the model is given it. */
  onRow: (row: RenderedRow) => Promise<void>
  signal?: AbortSignal | undefined
}): AsyncGenerator<NewRow, void> {
  for await (const { planned, file, given } of readAhead({ rows, signal })) {
    const { index, image, candidate, transform, split } = planned
    // The file's name must not tell what was done to it.
    const extension = images === 'given' ? '.png' : extname(image.path).toLowerCase()
    const row = {
      index,
      question: candidate.question,
      answer: candidate.answer,
      images: [
        {
          bytes: images === 'given' ? given : file,
          path: `${split}-${String(index).padStart(6, '0')}${extension}`,
        },
      ],
      transform: ['crop', transform],
      box: mapBox({ box: candidate.box, width: image.width, height: image.height, transform }),
      split,
      datasetName: DATASET_NAME,
      dataSource: 'mvtoolbench-build',
      extension: {
        alternatives: candidate.alternatives,
        isCanonical: images === 'canonical',
        kind: candidate.kind,
        imageId: image.imageId,
      },
    }
    await onRow({ row, planned, given })
    yield row
  }
}

/** Images in the order of their rows, a few being transformed while others are written. */
async function* readAhead({
  rows,
  signal,
}: {
  rows: readonly PlannedRow[]
  signal: AbortSignal | undefined
}): AsyncGenerator<{ planned: PlannedRow; file: Buffer; given: Buffer }> {
  const waiting: { planned: PlannedRow; images: ReturnType<typeof imageBytes> }[] = []
  try {
    for (let next = 0; next < rows.length || waiting.length > 0;) {
      signal?.throwIfAborted()
      const planned = rows[next]
      if (planned !== undefined && waiting.length < AHEAD) {
        const images = imageBytes(planned)
        // It is told when its turn comes.
        images.catch(() => undefined)
        waiting.push({ planned, images })
        next++
        continue
      }
      const first = waiting.shift()
      if (first !== undefined) yield { planned: first.planned, ...(await first.images) }
    }
  } finally {
    await Promise.allSettled(waiting.map(({ images }) => images))
  }
}

async function imageBytes({ image, transform }: PlannedRow): Promise<{ file: Buffer; given: Buffer }> {
  try {
    const file = await readFile(image.path)
    return { file, given: await transformImage({ bytes: file, transform }) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`${image.path}: ${reason}; fetch it again, or remove it so that it is left out`, {
      cause,
    })
  }
}
