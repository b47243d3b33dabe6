import { uniformStream } from '../../core/uniform-stream.js'

/** A stream of numbers that the same seed repeats everywhere. */
export interface Random {
  /** Whole number in [low, high]. */
  integer(low: number, high: number): number
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
}

/** Random choices from a text seed. */
export function createRandom({ seed }: { seed: string }): Random {
  const uniform = uniformStream(seed)
  const integer = (low: number, high: number): number => low + Math.floor(uniform() * (high - low + 1))

  return {
    integer,
    pick: (items) => {
      const item = items[integer(0, items.length - 1)]
      if (item === undefined) throw new RangeError('Expected something to pick from, got an empty list.')
      return item
    },
    shuffle: (items) =>
      items
        .map((item) => ({ item, rank: uniform() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
  }
}
