import { Readable } from 'node:stream'
import { expect, test } from '@jest/globals'
import { BoundedLines, type SkippedLine } from './bounded-lines.js'

async function readIn(pieces: readonly string[], maxBytes: number) {
  let tooLong = 0
  const skipped: SkippedLine[] = []
  const lines = new BoundedLines({
    maxBytes,
    onTooLong: () => (tooLong += 1),
    onSkipped: (line) => skipped.push(line),
  })
  const chunks: unknown[] = await Readable.from(pieces.map((piece) => Buffer.from(piece)))
    .pipe(lines)
    .toArray()
  return { read: chunks.map(String), tooLong, skipped }
}

const pieces = (text: string, length: number): string[] =>
  Array.from({ length: Math.ceil(text.length / length) }, (_, index) =>
    text.slice(index * length, (index + 1) * length),
  )

test.each([1, 3, 7, 100])('lines come whole, in whatever pieces they arrive: of %d bytes', async (length) => {
  const text = 'first\r\n\nsecond\nthird\n'
  const { read, skipped } = await readIn(pieces(text, length), 10)
  expect(read).toEqual(['first\r\n', '\n', 'second\n', 'third\n'])
  expect(skipped).toEqual([])
})

test.each([1, 3, 7, 100])(
  'a line that is too long is skipped, and what follows goes through: pieces of %d bytes',
  async (length) => {
    const text = `${'a'.repeat(10)}\n<${'b'.repeat(30)}>\n${'c'.repeat(10)}\n${'d'.repeat(11)}\n`
    const { read, tooLong, skipped } = await readIn(pieces(text, length), 10)
    expect(read).toEqual([`${'a'.repeat(10)}\n`, `${'c'.repeat(10)}\n`])
    expect(tooLong).toBe(2)
    expect(skipped.map(({ head }) => head[0])).toEqual(['<', 'd'])
    expect(skipped.map(({ tail }) => tail.at(-1))).toEqual(['>', 'd'])
  },
)

test('of a long line a kilobyte is kept of either end', async () => {
  const line = `<${'x'.repeat(100_000)}>`
  const { skipped } = await readIn([...pieces(line, 4096), '\n'], 10_000)
  expect(skipped).toHaveLength(1)
  expect(skipped[0]?.head).toBe(line.slice(0, 1024))
  expect(skipped[0]?.tail).toBe(line.slice(-1024))
})

test('a line without an end goes nowhere; one that is too long is told of before its end', async () => {
  expect(await readIn(['whole\nhalf'], 10)).toEqual({ read: ['whole\n'], tooLong: 0, skipped: [] })
  expect(await readIn(['x'.repeat(11)], 10)).toEqual({ read: [], tooLong: 1, skipped: [] })
})
