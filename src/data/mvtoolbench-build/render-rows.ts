import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { mapBox } from '../map-box.js'
import { transformImage } from '../transform-image.js'
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
  for (const planned of rows) {
    signal?.throwIfAborted()
    const { index, image, candidate, transform, split } = planned
    const { file, given } = await imageBytes(planned)
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
