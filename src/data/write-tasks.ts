import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { UsageError } from '../core/errors.js'
import type { Task } from '../core/task.js'
import { ahead } from './ahead.js'
import type { Suite } from './load-suite.js'
import { writeTaskJsonl } from './write-task-jsonl.js'
import { writeTaskParquet } from './write-task-parquet.js'

/** An image file as it is written into a row; the name is only a name. */
export interface WrittenImage {
  bytes: Uint8Array
  name: string
}

const WRITE = { '.parquet': writeTaskParquet, '.jsonl': writeTaskJsonl } as const

/** Rows whose images are made at the same time; decoded, one of 8K takes 100 MB. */
const AHEAD = Math.min(availableParallelism(), 4)

/**
 * Write the tasks of a suite, with the images that the model would be given, as rows that `codevision eval` reads: transformed ones are losslessly encoded PNG, the others
 * the bytes of their files. Images are made as the rows are written, a few at a time; the file appears whole or not at all.
 * @returns how many rows were written
 * @throws UsageError for another file name than .parquet or .jsonl, or a wrong row; AbortError when `signal` is aborted.
 */
export async function writeTasks({
  path,
  suite,
  isWanted,
  onRow,
  signal,
}: {
  path: string
  suite: Suite
  isWanted?: ((index: number) => boolean) | undefined
  onRow?: ((written: number) => void) | undefined
  signal?: AbortSignal | undefined
}): Promise<number> {
  const write = WRITE[extname(path) as keyof typeof WRITE]
  if (write === undefined)
    throw new UsageError(`${path}: expected a name that ends with ${Object.keys(WRITE).join(' or ')}`)
  let written = 0
  const tasks = async function* (): AsyncGenerator<{ task: Task; images: WrittenImage[] }> {
    const made = ahead({
      items: suite.tasks(isWanted === undefined ? {} : { isWanted }),
      width: AHEAD,
      work: async ({ task }) => ({ task, images: await imagesOf(task) }),
    })
    for await (const row of made) {
      signal?.throwIfAborted()
      yield row
      written++
      onRow?.(written)
    }
  }
  await write({ path, tasks: tasks() })
  return written
}

async function imagesOf(task: Task): Promise<WrittenImage[]> {
  const images: WrittenImage[] = []
  for (const [at, image] of task.images.entries())
    images.push({ bytes: await image.read(), name: `${task.id}-${at}` })
  return images
}
