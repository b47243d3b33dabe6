import { UsageError } from '../core/errors.js'

/**
 * An amount of something that a job takes.
 * @param name what was given, as the user writes it
 * @throws UsageError where it is below 0
 */
export function expectNotNegative({ name, amount }: { name: string; amount: number }): number {
  if (amount >= 0) return amount
  throw new UsageError(`${name}: expected 0 or more, got ${amount}`)
}
