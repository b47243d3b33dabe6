import { UsageError } from '../../core/errors.js'
import type { UnreadableRows } from './row-file.js'

/**
 * Tell whoever wants to know of rows that cannot be read.
 * @throws the cause where nobody does, or where it is not the rows' fault.
 */
export function tellUnreadable({
  cause,
  first,
  end,
  where,
  onUnreadable,
}: {
  cause: unknown
  first: number
  end: number
  where: string
  onUnreadable: ((rows: UnreadableRows) => void) | undefined
}): void {
  if (onUnreadable === undefined || !(cause instanceof UsageError)) throw cause
  onUnreadable({ first, end, where, error: cause })
}
