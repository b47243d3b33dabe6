import { UsageError } from '../../core/errors.js'
import type { Leftover } from './leftover.js'

/** What can be chosen though there may be none of it at the moment. */
export const LEFTOVER_KINDS = [
  'containers',
  'exchange',
  'replies',
  'data',
  'datasets',
  'python',
  'wheels',
  'tfjs',
] as const

/**
 * Those that are named, each by itself or with all that lies below; all where none is named.
 * @throws UsageError for a name of which there is nothing.
 */
export function chooseLeftovers({
  leftovers,
  names,
}: {
  leftovers: readonly Leftover[]
  names: readonly string[]
}): Leftover[] {
  const matches = (leftover: Leftover, name: string): boolean =>
    leftover.name === name || leftover.name.startsWith(`${name}/`)
  const unknown = names.find(
    (name) =>
      !LEFTOVER_KINDS.some((kind) => kind === name) && !leftovers.some((leftover) => matches(leftover, name)),
  )
  if (unknown !== undefined)
    throw new UsageError(
      `clean: expected ${LEFTOVER_KINDS.join(', ')}, or what the list names (codevision clean), got ${unknown}`,
    )
  return leftovers.filter((leftover) => names.length === 0 || names.some((name) => matches(leftover, name)))
}
