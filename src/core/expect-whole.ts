import { UsageError } from './errors.js'

/**
 * A whole number, as an option takes it.
 * @param option as the user writes it, such as `--shards`
 * @throws UsageError for another
 */
export function expectWhole({
  option,
  value,
  least = 1,
  most = Number.MAX_SAFE_INTEGER,
}: {
  option: string
  value: number
  least?: number
  most?: number
}): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
  throw new UsageError(`${option}: expected a whole number ${range}, got ${value}`)
}
