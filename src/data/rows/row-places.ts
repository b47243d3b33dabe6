import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { keepChecksum } from '../cache/file-checksum.js'
import { areSameStamps, fileStamp, stampOf } from '../cache/file-stamp.js'
import { readKept, writeKept } from '../cache/kept.js'
import { lineScanner, tsvScanner } from './row-boundaries.js'

export type RowFormat = 'jsonl' | 'tsv'

/** Where a row stands in its file: bytes from `offset`, without the newline, and its first line from 1. */
export interface RowPlace {
  offset: number
  length: number
  line: number
}

const LAYOUT = 1
/** Three numbers a row, one after the other: offset, length, line. */
const entry = z.object({
  layout: z.literal(LAYOUT),
  path: z.string(),
  stamp: fileStamp,
  places: z.array(z.number()),
})

const CHUNK_BYTES = 1 << 20
const NEWLINE = 0x0a
/** A longer row is not looked at to see whether it is blank. */
const BLANK_BYTES = 1000

/**
 * Where every row of a text file stands, blank ones left out; of a TSV the first is the header. The file is read once, its checksum is found on the way,
 * and both are kept in the cache directory until the file changes.
 * @throws UsageError when the file cannot be read, or ends inside of a quoted cell.
 */
export async function rowPlaces({
  path,
  format,
}: {
  path: string
  format: RowFormat
}): Promise<readonly RowPlace[]> {
  const absolute = resolve(path)
  const unreadable = (cause: unknown): never => {
    throw new UsageError(
      `${path}: expected a ${format.toUpperCase()} file that can be read; ${String(cause)}`,
      {
        cause,
      },
    )
  }
  const { stamp, isSettled } = await stampOf(absolute).catch(unreadable)
  const key = `${format} ${absolute}`
  const kept = await readKept({ kind: 'places', key, schema: entry })
  if (kept !== null && kept.path === absolute && areSameStamps(kept.stamp, stamp)) return unpack(kept.places)
  const { places, sha256 } = await scan({ path, format }).catch((cause: unknown) =>
    cause instanceof UsageError ? Promise.reject(cause) : unreadable(cause),
  )
  if (isSettled) {
    await keepChecksum({ path: absolute, stamp, sha256 })
    await writeKept({
      kind: 'places',
      key,
      value: { layout: LAYOUT, path: absolute, stamp, places },
    })
  }
  return unpack(places)
}

async function scan({
  path,
  format,
}: {
  path: string
  format: RowFormat
}): Promise<{ places: number[]; sha256: string }> {
  const scanner = format === 'tsv' ? tsvScanner() : lineScanner()
  const hash = createHash('sha256')
  const places: number[] = []
  let position = 0
  let start = 0
  let line = 1
  /** Newlines of the row that is open, in chunks before this one. */
  let openLines = 0
  /** First bytes of the row that is open, as far as they are needed to see whether it is blank. */
  let head = Buffer.alloc(0)
  const close = (end: number, following: number, lines: number): void => {
    if (end - start >= BLANK_BYTES || head.toString('utf8').trim() !== '')
      places.push(start, end - start, line)
    start = following
    line += lines
    head = Buffer.alloc(0)
  }
  for await (const piece of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const chunk = piece as Buffer
    hash.update(chunk)
    let from = 0
    const take = (to: number): void => {
      if (head.length < BLANK_BYTES)
        head = Buffer.concat([head, chunk.subarray(from, Math.min(to, from + BLANK_BYTES - head.length))])
    }
    for (const end of scanner.push(chunk)) {
      take(end - 1)
      const lines = format === 'tsv' ? openLines + linesIn({ chunk, from, to: end }) : 1
      openLines = 0
      close(position + end - 1, position + end, lines)
      from = end
    }
    take(chunk.length)
    if (format === 'tsv') openLines += linesIn({ chunk, from, to: chunk.length })
    position += chunk.length
  }
  if (!scanner.isComplete()) {
    throw new UsageError(
      `${path} line ${line}: a quoted cell is opened and never closed; the file is cut off or damaged, fetch it again`,
    )
  }
  if (start < position) close(position, position, 0)
  return { places, sha256: hash.digest('hex') }
}

function linesIn({ chunk, from, to }: { chunk: Buffer; from: number; to: number }): number {
  let count = 0
  for (let at = chunk.indexOf(NEWLINE, from); at !== -1 && at < to; at = chunk.indexOf(NEWLINE, at + 1))
    count++
  return count
}

function unpack(numbers: readonly number[]): RowPlace[] {
  const places: RowPlace[] = []
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    const [offset = 0, length = 0, line = 0] = numbers.slice(at, at + 3)
    places.push({ offset, length, line })
  }
  return places
}
