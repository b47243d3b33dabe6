import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { mvtoolbenchCells } from '../mvtoolbench-cells.js'
import type { NewRow } from '../write-parquet.js'

/** Write rows as JSON Lines in the MVToolBench layout, their images as files of a folder beside it. */
export async function writeJsonl({
  path,
  imageFolder,
  rows,
}: {
  path: string
  /** Relative to the file's folder. */
  imageFolder: string
  rows: AsyncIterable<NewRow>
}): Promise<void> {
  const folder = dirname(path)
  await mkdir(join(folder, imageFolder), { recursive: true })
  await pipeline(linesOf({ rows, folder, imageFolder }), createWriteStream(path))
}

async function* linesOf({
  rows,
  folder,
  imageFolder,
}: {
  rows: AsyncIterable<NewRow>
  folder: string
  imageFolder: string
}): AsyncGenerator<string> {
  for await (const row of rows) {
    const images: { path: string }[] = []
    for (const image of row.images) {
      const name = `${imageFolder}/${image.path}`
      await writeFile(join(folder, name), image.bytes)
      images.push({ path: name })
    }
    const { data_source, prompt, ...rest } = mvtoolbenchCells(row)
    yield `${JSON.stringify({ data_source, prompt, images, ...rest })}\n`
  }
}
