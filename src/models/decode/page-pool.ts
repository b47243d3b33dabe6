import type { DecoderMemory } from './decoder-memory.js'

const FLOAT = 4

/** Pages of keys and values in a decoder's memory, some of them of several conversations; what is given back is given out again. */
export interface PagePool {
  /** Address of a page. What it held before is still there. @throws ModelError where there is no memory for another. */
  take(): number
  /** Count one more that holds a page. */
  share(page: number): void
  /** Count one less; a page that nobody holds is free. */
  give(page: number): void
  /** A new page with the content of another. @throws ModelError where there is no memory for another. */
  copy(page: number): number
}

export function createPagePool({
  memory,
  pageBytes,
}: {
  memory: DecoderMemory
  pageBytes: number
}): PagePool {
  const free: number[] = []
  const holders = new Map<number, number>()
  const take = (): number => {
    const page = free.pop() ?? memory.allocate(pageBytes)
    holders.set(page, 1)
    return page
  }
  return {
    take,
    share(page) {
      holders.set(page, (holders.get(page) ?? 0) + 1)
    },
    give(page) {
      const left = (holders.get(page) ?? 1) - 1
      holders.set(page, left)
      if (left === 0) free.push(page)
    },
    copy(page) {
      const made = take()
      memory.floats.copyWithin(made / FLOAT, page / FLOAT, (page + pageBytes) / FLOAT)
      return made
    },
  }
}
