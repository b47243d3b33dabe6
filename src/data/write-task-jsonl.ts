import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Task } from '../core/task.js'
import { appliedTo } from './write-task-parquet.js'
import type { WrittenImage } from './write-tasks.js'

/** Write tasks as JSON Lines in plain columns, images as base64; further columns of a row stand beside them. The file appears whole or not at all; one row is held at a time. */
export async function writeTaskJsonl({
  path,
  tasks,
}: {
  path: string
  tasks: AsyncIterable<{ task: Task; images: readonly WrittenImage[] }>
}): Promise<void> {
  const partial = `${path}.partial`
  try {
    await pipeline(Readable.from(linesOf(tasks)), createWriteStream(partial))
    await rename(partial, path)
  } finally {
    await rm(partial, { force: true })
  }
}

async function* linesOf(
  tasks: AsyncIterable<{ task: Task; images: readonly WrittenImage[] }>,
): AsyncGenerator<string> {
  for await (const { task, images } of tasks) {
    const [answer = '', ...others] = task.answers
    const transform = appliedTo(task)
    const row = {
      id: task.id,
      question: task.question,
      answer,
      answers_alt: others,
      images: images.map(({ bytes, name }) => ({ bytes: Buffer.from(bytes).toString('base64'), path: name })),
      ...(transform !== null && { transform }),
      ...(task.box !== null && { bbox: task.box }),
      ...(task.options !== undefined && { options: task.options }),
      ...(task.category !== undefined && { category: task.category }),
      ...(task.cluster !== undefined && { cluster: task.cluster }),
      metadata: task.metadata,
    }
    yield `${JSON.stringify(row)}\n`
  }
}
