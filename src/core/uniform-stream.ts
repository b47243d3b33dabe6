/** Numbers in [0, 1) that the same text seed repeats everywhere: FNV-1a makes the state, mulberry32 (Tommy Ettinger, public domain) the stream. */
export function uniformStream(seed: string): () => number {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(seed, 'utf8')) state = Math.imul(state ^ byte, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
