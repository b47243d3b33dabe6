import { join, resolve } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import { createRandom } from '../demo/random.js'
import { PICTURE_EXTENSIONS, picturesIn } from './pictures-in.js'
import type { RawRow, RowFile } from './row-file.js'

const APPLIED = TRANSFORMS.filter((transform) => transform !== 'none')

/**
 * Questions over a folder of pictures (its sub-folders included): `count` rows of `name`, `image` and `transform`, each transformation equally often (in every five, too), drawn by the seed. No
 * picture comes a second time before all have come once, nor twice under one transformation. A folder that holds too few pictures for all of them gives the first ones.
 * @throws UsageError when it is no folder; from `rows`, when more is wanted than its pictures give.
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
  const { names, notices } = await picturesIn(path)
  const possible = Math.min(count, names.length * APPLIED.length)
  const folder = resolve(path)
  const random = createRandom({ seed })
  const order = random.shuffle(names)
  const rows = Array.from({ length: possible }, (_, index) => {
    const round = Math.floor(index / order.length)
    // Within a round the transformations take turns; the next round begins one further, so that a picture meets another one.
    const transform =
      APPLIED[(index + round * (order.length % APPLIED.length === 0 ? 1 : 0)) % APPLIED.length]
    const name = order[index % order.length] ?? ''
    return { name, image: { path: join(folder, name) }, transform }
  })
  // By fives, each transformation once: so the first few are as balanced as all of them.
  const asked = Array.from({ length: Math.ceil(possible / APPLIED.length) }, (_, five) =>
    random.shuffle(rows.slice(five * APPLIED.length, (five + 1) * APPLIED.length)),
  ).flat()
  return {
    path: folder,
    files: names.map((name) => join(folder, name)),
    notices,
    count,
    async *rows({ isWanted = () => true } = {}): AsyncGenerator<RawRow> {
      const wanted = Array.from({ length: count }, (_, index) => index).findLast(isWanted) ?? -1
      if (wanted >= possible) throw tooFew({ path, wanted: wanted + 1, pictures: names.length, possible })
      for (const [index, row] of asked.entries())
        if (isWanted(index)) yield { index, where: `${path} ${row.name}`, row: { ...row } }
    },
  }
}

function tooFew({
  path,
  wanted,
  pictures,
  possible,
}: {
  path: string
  wanted: number
  pictures: number
  possible: number
}): UsageError {
  const needed = Math.ceil(wanted / APPLIED.length)
  const advice = possible === 0 ? '' : `; ask fewer: --limit ${possible}`
  return new UsageError(
    `${path}: expected at least ${needed} pictures (${PICTURE_EXTENSIONS.join(', ')}) for ${wanted} questions, each picture under ${APPLIED.length} transformations, got ${pictures}${advice}`,
  )
}
