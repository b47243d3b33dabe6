import type { EncodedImage } from '../../core/image.js'
import { measureLegibility } from './legibility.js'
import type { OcrLayout, OcrPool } from './ocr-pool.js'
import { arrangePage, type Page } from './page.js'
import { findTextDirection } from './text-direction.js'

/** Looks at views; every view is read once, however often the conversation is gone through. */
export interface PageReader {
  read(view: EncodedImage): Promise<Page>
  /** A small region: read as a block of lines too, and the better reading taken. */
  readClosely(view: EncodedImage): Promise<Page>
  direction(view: EncodedImage): Promise<'across' | 'down'>
}

/** Readings that are kept. */
const CAPACITY = 500

export function createPageReader({ pool }: { pool: OcrPool }): PageReader {
  const pages = createMemory<Page>()
  const directions = createMemory<'across' | 'down'>()
  const readAs = (view: EncodedImage, layout: OcrLayout): Promise<Page> =>
    pages(`${layout} ${view.sha256}`, () => readPage({ pool, view, layout }))

  return {
    read: (view) => readAs(view, 'sparse'),
    readClosely: async (view) => {
      const [sparse, block] = await Promise.all([readAs(view, 'sparse'), readAs(view, 'block')])
      return measureLegibility(block).score > measureLegibility(sparse).score ? block : sparse
    },
    direction: (view) => directions(view.sha256, async () => findTextDirection(await view.read())),
  }
}

async function readPage({
  pool,
  view,
  layout,
}: {
  pool: OcrPool
  view: EncodedImage
  layout: OcrLayout
}): Promise<Page> {
  const words = await pool.read({ image: await view.read(), layout })
  return arrangePage({ width: view.width, height: view.height, words })
}

/** Results by key: failures are forgotten, the oldest result goes first. */
function createMemory<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (key, make) => {
    const found = known.get(key)
    if (found) return found
    const made = make()
    known.set(key, made)
    made.catch(() => known.delete(key))
    const oldest = known.keys().next()
    if (known.size > CAPACITY && !oldest.done) known.delete(oldest.value)
    return made
  }
}
