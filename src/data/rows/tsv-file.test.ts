import { afterAll, describe, expect, test } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createRandom } from '../demo/random.js'
import { fileChecksum } from '../cache/file-checksum.js'
import { tsvScanner } from './row-boundaries.js'
import { tsvCells } from './tsv-cells.js'
import { openTsv } from './tsv-file.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-tsv-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

let count = 0
async function tsv(text: string): Promise<string> {
  const path = join(folder, `${count++}.tsv`)
  await writeFile(path, text)
  return path
}

async function rowsOf(path: string, isWanted?: (index: number) => boolean): Promise<unknown[]> {
  const file = await openTsv({ path, required: ['question'], schema: 'test' })
  const rows: unknown[] = []
  for await (const { index, where, row } of file.rows(isWanted ? { isWanted } : {}))
    rows.push([index, where.replace(path, 'FILE'), row])
  return rows
}

describe('a TSV file', () => {
  const text =
    'index\tquestion\timage\r\n0\tplain\tQUJD\r\n1\t"two\nlines, a ""word"" and a\ttab"\tREVG\r\n\r\n2\t5" pipe\t\r\n'

  test('gives its rows with quoted newlines, tabs and quotes as they were meant, and empty cells as null', async () => {
    expect(await rowsOf(await tsv(`\u{feff}${text}`))).toEqual([
      [0, 'FILE line 2', { index: '0', question: 'plain', image: Buffer.from('QUJD') }],
      [
        1,
        'FILE line 3',
        { index: '1', question: 'two\nlines, a "word" and a\ttab', image: Buffer.from('REVG') },
      ],
      [2, 'FILE line 6', { index: '2', question: '5" pipe', image: null }],
    ])
  })

  test('may begin with a byte order mark before a quoted name', async () => {
    expect(await rowsOf(await tsv('\u{feff}"question"\t"b"\n"a"\t"c"\n'))).toEqual([
      [0, 'FILE line 2', { question: 'a', b: 'c' }],
    ])
    // One whose first name holds a tab.
    expect(await rowsOf(await tsv('\u{feff}"a\tb"\tquestion\n1\t2\n'))).toMatchObject([
      [0, 'FILE line 2', { 'a\tb': '1', question: '2' }],
    ])
  })

  test('any row is reached alone', async () => {
    expect(await rowsOf(await tsv(text), (index) => index === 2)).toMatchObject([
      [2, 'FILE line 6', { index: '2' }],
    ])
  })

  test('is refused when it is missing, empty, cut off inside of a cell, lacks a column or a cell', async () => {
    await expect(rowsOf(join(folder, 'gone.tsv'))).rejects.toThrow(
      /gone\.tsv: expected a TSV file that can be read; .*ENOENT/,
    )
    await expect(rowsOf(await tsv('question\n'))).rejects.toThrow(/got an empty file/)
    await expect(rowsOf(await tsv('question\na\n"b\nc\n'))).rejects.toThrow(
      /line 3: a quoted cell is opened and never closed/,
    )
    await expect(rowsOf(await tsv('frage\na\n'))).rejects.toThrow(
      'missing column `question`; expected the test schema (question), got frage',
    )
    await expect(rowsOf(await tsv('question\tb\na\n'))).rejects.toThrow(
      /line 2: expected 2 cells \(question, b\), got 1/,
    )
  })

  test('that changes is read anew, also with the same size', async () => {
    const path = await tsv('question\nold\n')
    await pause(150)
    expect(await rowsOf(path)).toMatchObject([[0, 'FILE line 2', { question: 'old' }]])
    await writeFile(path, 'question\nnew\n')
    expect(await rowsOf(path)).toMatchObject([[0, 'FILE line 2', { question: 'new' }]])
    await utimes(path, 1, 1)
    expect(await fileChecksum(path)).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    )
  })
})

describe('against csv-parse', () => {
  const random = createRandom({ seed: 'tsv' })
  const cell = (): string => {
    const text = Array.from({ length: random.integer(0, 6) }, () =>
      random.pick(['a', '"', '\t', '\n', 'é', ' ', ',', '\r\n']),
    ).join('')
    return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const table = Array.from({ length: 400 }, () => Array.from({ length: 4 }, cell))
  const bytes = Buffer.from(table.map((cells) => `x\t${cells.join('\t')}\n`).join(''))
  const expected = parse(bytes, { delimiter: '\t', relax_quotes: true, record_delimiter: '\n' }) as string[][]

  test.each([1, 2, 3, 7, 4096])(
    'rows and cells are the same when the file comes in pieces of %i bytes',
    (size) => {
      const scanner = tsvScanner()
      const ends: number[] = []
      for (let at = 0; at < bytes.length; at += size)
        ends.push(...scanner.push(bytes.subarray(at, at + size)).map((end) => at + end))
      const starts = [0, ...ends]
      const rows = ends.map((end, at) => tsvCells(bytes.subarray(starts[at], end - 1)).map(String))
      expect(rows).toEqual(expected)
      expect(scanner.isComplete()).toBe(true)
    },
  )
})
