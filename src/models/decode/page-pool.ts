import type { DecoderMemory } from './decoder-memory.js'

/** Pages of keys and values in a decoder's memory; what is given back is given out again. */
export interface PagePool {
  /** Address of a page. What it held before is still there. @throws ModelError where there is no memory for another. */
  take(): number
  give(page: number): void
  /** Pages that are given out. */
  readonly taken: number
}

export function createPagePool({
  memory,
  pageBytes,
}: {
  memory: DecoderMemory
  pageBytes: number
}): PagePool {
  const free: number[] = []
  let taken = 0
  return {
    get taken() {
      return taken
    },
    take() {
      const page = free.pop() ?? memory.allocate(pageBytes)
      taken++
      return page
    },
    give(page) {
      taken--
      free.push(page)
    },
  }
}
