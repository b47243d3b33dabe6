import { UsageError } from '../core/errors.js'

/** The part of a run that one of several machines does: `index` of 1 to `count`. */
export interface Shard {
  index: number
  count: number
}

/**
 * Read `--shard`: `2/4` is the second of four parts.
 * @throws UsageError for anything else.
 */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text.trim())
  const shard = { index: Number(match?.[1] ?? 0), count: Number(match?.[2] ?? 0) }
  if (!(shard.index >= 1 && shard.index <= shard.count && Number.isSafeInteger(shard.count))) {
    throw new UsageError(`shard: expected i/n with i from 1 to n, such as 2/4, got "${text}"`)
  }
  return shard
}
