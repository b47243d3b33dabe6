/** A stream of numbers that the same seed repeats everywhere. */
export interface Random {
  /** Whole number in [low, high]. */
  integer(low: number, high: number): number
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
}

/** Random numbers from a text seed: FNV-1a makes the state, mulberry32 (Tommy Ettinger, public domain) the stream. */
export function createRandom({ seed }: { seed: string }): Random {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(seed, 'utf8')) state = Math.imul(state ^ byte, 0x01000193)

  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
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
