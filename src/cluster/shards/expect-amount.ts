import { UsageError } from '../../core/errors.js'

/** GiB that each part may be given. */
export const MEMORY = { option: '--memory', unit: ' GiB', least: 0.25, most: 65_536 } as const

/**
 * Refuse an amount that no part can run with, or no machine has.
 * @throws UsageError
 */
export function expectAmount({
  option,
  value,
  unit = '',
  least,
  most,
}: {
  option: string
  value: number
  unit?: string
  least: number
  most: number
}): void {
  if (!(value >= least && value <= most))
    throw new UsageError(`${option}: expected ${least} to ${most}${unit}, got ${value}`)
}
