import { describe, expect, test } from '@jest/globals'
import { splitLines } from './split-lines.js'

async function linesOf(chunks: string[]) {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk)
  }
  const lines = []
  for await (const { bytes, offset, isTerminated } of splitLines(stream())) {
    lines.push([bytes.toString(), offset, isTerminated])
  }
  return lines
}

describe('splitLines', () => {
  test('joins a line that arrives in pieces and counts offsets in bytes', async () => {
    expect(await linesOf(['é', 'a\nb', 'c\n', '\nlast'])).toEqual([
      ['éa', 0, true],
      ['bc', 4, true],
      ['', 7, true],
      ['last', 8, false],
    ])
  })

  test('splits on the newline only, not on U+2028 or a carriage return', async () => {
    expect(await linesOf(['a\u2028b\rc\n'])).toEqual([['a\u2028b\rc', 0, true]])
  })

  test('gives nothing for an empty stream', async () => {
    expect(await linesOf([])).toEqual([])
  })
})
