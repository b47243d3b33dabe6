import { readdir } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { errorCode } from '../../core/error-code.js'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import { createRandom } from '../demo/random.js'
import type { RawRow, RowFile } from './row-file.js'

const EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.tif', '.tiff', '.gif'])
const APPLIED = TRANSFORMS.filter((transform) => transform !== 'none')

/**
 * Questions over a folder of pictures (its sub-folders included): `count` rows of `name`, `image` and `transform`, each transformation equally often, drawn by the seed. No
 * picture comes a second time before all have come once, nor twice under one transformation.
 * @throws UsageError when it is no folder, or holds too few pictures.
 */
export async function openImageFolder({
  path,
  count,
  seed,
}: {
  path: string
  count: number
  seed: string
}): Promise<RowFile & { readonly files: readonly string[] }> {
  const names = await imagesIn(path)
  if (names.length * APPLIED.length < count) {
    throw new UsageError(
      `${path}: expected at least ${Math.ceil(count / APPLIED.length)} pictures (${[...EXTENSIONS].join(', ')}) for ${count} questions, got ${names.length}`,
    )
  }
  const folder = resolve(path)
  const random = createRandom({ seed })
  const order = random.shuffle(names)
  const rows = Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / order.length)
    // Within a round the transformations take turns; the next round begins one further, so that a picture meets another one.
    const transform =
      APPLIED[(index + round * (order.length % APPLIED.length === 0 ? 1 : 0)) % APPLIED.length]
    const name = order[index % order.length] ?? ''
    return { name, image: { path: join(folder, name) }, transform }
  })
  const asked = random.shuffle(rows)
  return {
    path: folder,
    files: names.map((name) => join(folder, name)),
    count,
    async *rows({ isWanted = () => true } = {}): AsyncGenerator<RawRow> {
      for (const [index, row] of asked.entries())
        if (isWanted(index)) yield { index, where: `${path} ${row.name}`, row: { ...row } }
    },
  }
}

async function imagesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    if (errorCode(cause) === null) throw cause
    throw new UsageError(`${path}: expected a folder of pictures; ${String(cause)}`, { cause })
  })
  return entries
    .filter((entry) => entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(path, '/').length))
    .sort()
}
