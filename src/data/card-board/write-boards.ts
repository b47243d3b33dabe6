import { dirname, join, resolve } from 'node:path'
import sharp from 'sharp'
import { isThere } from '../../config/is-there.js'
import { makeFolder } from '../../config/make-folder.js'
import { UsageError } from '../../core/errors.js'
import type { PixelImage } from '../transforms/transform-pixels.js'
import { writeParquet, type NewRow } from '../write-parquet.js'
import type { BoardConfig } from './board-config.js'
import { boardGlyphs } from './board-glyphs.js'
import { boardTask, type BoardTask } from './board-task.js'

/** Of one file; so many take a quarter of an hour. */
export const MOST_BOARDS = 1_000_000

const ROWS = 'rows.parquet'
const ROWS_IN_GROUP = 50
const PNG = { compressionLevel: 4, adaptiveFiltering: false }

/**
 * Write questions `first` to `first + rows - 1` about boards into `folder/rows.parquet`, in the MVToolBench schema with a column `task`, as the mini world's rows are.
 * @returns the path of the file
 * @param parameters.option by which the user named the folder
 * @param parameters.onRow told after each, of how many are drawn
 * @param parameters.signal stops it; nothing is left of the file then
 * @throws UsageError when it is there already, or `rows` is no number of rows; StoreError when the folder cannot be made.
 */
export async function writeBoards({
  config,
  folder,
  rows,
  first = 0,
  split = 'train',
  option = '--output',
  onRow,
  signal,
}: {
  config: BoardConfig
  folder: string
  rows: number
  first?: number
  split?: string
  option?: string
  onRow?: ((drawn: number) => void) | undefined
  signal?: AbortSignal | undefined
}): Promise<string> {
  if (!Number.isInteger(rows) || rows < 1 || rows > MOST_BOARDS)
    throw new UsageError(`rows: expected a whole number from 1 to ${MOST_BOARDS}, got ${rows}`)
  const path = join(resolve(folder), ROWS)
  if (await isThere(path))
    throw new UsageError(`${path} is there already; remove it, or choose another folder`)
  await makeFolder(dirname(path), option)
  const glyphs = await boardGlyphs(config)
  const drawn = async function* (): AsyncGenerator<NewRow, void> {
    for (let index = first; index < first + rows; index++) {
      signal?.throwIfAborted()
      yield await rowOf({ task: boardTask({ config, glyphs, index }), config, split })
      onRow?.(index - first + 1)
    }
  }
  await writeParquet({ path, rows: drawn(), rowGroupSize: ROWS_IN_GROUP, columns: 'annotated' })
  return path
}

async function rowOf({
  task,
  config,
  split,
}: {
  task: BoardTask
  config: BoardConfig
  split: string
}): Promise<NewRow> {
  const { plan, question, answer, box, requiredTools } = task
  const name = `board-${String(plan.index).padStart(6, '0')}`
  return {
    index: plan.index,
    question,
    answer,
    images: [{ bytes: await boardPng(await task.given()), path: `${name}-0.png` }],
    transform: [
      ...(plan.transform === 'none' ? [] : [plan.transform]),
      ...(requiredTools.includes('crop') ? ['crop'] : []),
    ],
    box,
    split,
    datasetName: 'mini-world',
    dataSource: 'mini-world',
    annotation: {
      id: name,
      category: `${plan.family}/look-up`,
      metadata: {
        family: plan.family,
        style: 'board',
        kind: 'look-up',
        corruption: 'none',
        images: 1,
        boxes: [[...box]],
        seed: config.seed,
        view: config.view ** 2,
      },
    },
  }
}

/** Pixels as a PNG file. */
export async function boardPng({ data, width, height, channels }: PixelImage): Promise<Buffer> {
  return sharp(data, { raw: { width, height, channels } }).png(PNG).toBuffer()
}
