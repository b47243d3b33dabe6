import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { finished } from 'node:stream/promises'
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
  await mkdir(join(dirname(path), imageFolder), { recursive: true })
  const out = createWriteStream(path)
  try {
    for await (const row of rows) {
      const images: { path: string }[] = []
      for (const image of row.images) {
        const name = `${imageFolder}/${image.path}`
        await writeFile(join(dirname(path), name), image.bytes)
        images.push({ path: name })
      }
      const { data_source, prompt, ...rest } = mvtoolbenchCells(row)
      if (!out.write(`${JSON.stringify({ data_source, prompt, images, ...rest })}\n`))
        await once(out, 'drain')
    }
  } finally {
    out.end()
    await finished(out)
  }
}
