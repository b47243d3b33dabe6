import { createReadStream } from 'node:fs'
import { errorCode } from '../../core/error-code.js'
import { UsageError } from '../../core/errors.js'
import { splitLines, type Line } from '../../core/split-lines.js'
import { withImageBytes } from './json-images.js'
import type { RawRow, RowFile } from './row-file.js'

const SPACE = /^\s*$/

/**
 * Open a JSON Lines file: one object a line, blank lines are skipped. One line is held at a time.
 * @throws UsageError when it is not there or holds no row.
 */
export async function openJsonl(path: string): Promise<RowFile> {
  let count = 0
  for await (const line of linesOf(path)) if (!isBlank(line)) count++
  if (count === 0) throw new UsageError(`${path}: expected one JSON object a line, got an empty file`)
  return {
    path,
    count,
    async *rows({ isWanted = () => true } = {}): AsyncGenerator<RawRow> {
      let index = -1
      let number = 0
      for await (const line of linesOf(path)) {
        number++
        if (isBlank(line) || !isWanted(++index)) continue
        const where = `${path} line ${number}`
        yield { index, where, row: withImageBytes({ row: parse({ line, where }), where }) }
      }
    },
  }
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  try {
    yield* splitLines(createReadStream(path))
  } catch (cause) {
    if (errorCode(cause) === null) throw cause
    throw new UsageError(`${path}: expected a JSONL file that can be read; ${String(cause)}`, { cause })
  }
}

function isBlank({ bytes }: Line): boolean {
  return bytes.length < 1000 && SPACE.test(bytes.toString('utf8'))
}

function parse({ line, where }: { line: Line; where: string }): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line.bytes))
  } catch (cause) {
    throw new UsageError(`${where}: expected one JSON object, got ${String(cause)}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new UsageError(
    `${where}: expected a JSON object, got ${Array.isArray(value) ? 'a list' : typeof value}`,
  )
}
