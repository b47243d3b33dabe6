import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import { z } from 'zod'
import { DataError, UsageError } from '../../core/errors.js'
import { splitLines } from '../../core/split-lines.js'

/** A row of a JSON file, or what stands in its place. */
export type JsonRow = {
  /** From 0. */
  readonly index: number
  /** For messages: file, and row or line. */
  readonly where: string
} & ({ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: DataError })

const item = z.object({ value: z.unknown() })
/** Only whole texts and numbers are needed. */
const WHOLE_TOKENS = { packKeys: true, packStrings: true, packNumbers: true, streamValues: false }

/**
 * The rows of a file, one at a time: of `.json` the members of a list, of `.jsonl` the lines. A line that is no JSON is told in its turn.
 * @throws UsageError when the file cannot be read, or a `.json` is no list of rows.
 */
export async function* readJsonRows(path: string): AsyncGenerator<JsonRow> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  if (!isFile) throw new UsageError(`${path}: expected a file of conversations, got none there`)
  if (extname(path) === '.json') yield* membersOf(path)
  else yield* linesOf(path)
}

async function* membersOf(path: string): AsyncGenerator<JsonRow> {
  const out = new PassThrough({ objectMode: true, highWaterMark: 1 })
  const stopping = new AbortController()
  const flow = pipeline([createReadStream(path), streamArray.withParserAsStream(WHOLE_TOKENS), out], {
    signal: stopping.signal,
  })
  // Its failure reaches the loop below through the stream.
  flow.catch(() => undefined)
  let index = 0
  try {
    for await (const given of out) {
      yield { index, where: `${path} row ${index + 1}`, ok: true, value: item.parse(given).value }
      index++
    }
    await flow
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0]
    throw new UsageError(
      `${path}: expected a JSON list of rows ([{…}, {…}]), got something else behind row ${index}: ${reason}`,
      { cause },
    )
  } finally {
    stopping.abort()
  }
}

async function* linesOf(path: string): AsyncGenerator<JsonRow> {
  let index = 0
  let line = 0
  for await (const { bytes } of splitLines(createReadStream(path))) {
    line++
    const text = bytes.toString('utf8')
    if (text.trim() === '') continue
    const where = `${path} line ${line}`
    yield { index: index++, where, ...parsed({ text, where }) }
  }
}

function parsed({ text, where }: { text: string; where: string }) {
  try {
    return { ok: true as const, value: JSON.parse(text) as unknown }
  } catch (cause) {
    const error = new DataError(`${where}: expected one JSON object, got ${String(cause)}`, { cause })
    return { ok: false as const, error }
  }
}
