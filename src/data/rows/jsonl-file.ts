import { UsageError } from '../../core/errors.js'
import { withImageBytes } from './json-images.js'
import { readPlaces } from './read-places.js'
import type { RawRow, RowFile } from './row-file.js'
import { rowPlaces } from './row-places.js'
import { tellUnreadable } from './tell-unreadable.js'

/**
 * Open a JSON Lines file: one object a line, blank lines are skipped. One line is held at a time, and any line is reached at once, by its place.
 * @throws UsageError when it is not there or holds no row.
 */
export async function openJsonl({ path }: { path: string }): Promise<RowFile> {
  const places = await rowPlaces({ path, format: 'jsonl' })
  if (places.length === 0) throw new UsageError(`${path}: expected one JSON object a line, got an empty file`)
  return {
    path,
    count: places.length,
    async *rows({ isWanted = () => true, onUnreadable } = {}): AsyncGenerator<RawRow> {
      for await (const { index, place, bytes } of readPlaces({ path, places, isWanted })) {
        const where = `${path} line ${place.line}`
        let row: Record<string, unknown>
        try {
          row = withImageBytes({ row: parse({ bytes, where }), where })
        } catch (cause) {
          tellUnreadable({ cause, first: index, end: index + 1, where, onUnreadable })
          continue
        }
        yield { index, where, row }
      }
    },
  }
}

function parse({ bytes, where }: { bytes: Buffer; where: string }): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new UsageError(`${where}: expected one JSON object, got ${String(cause)}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new UsageError(
    `${where}: expected a JSON object, got ${Array.isArray(value) ? 'a list' : typeof value}`,
  )
}
