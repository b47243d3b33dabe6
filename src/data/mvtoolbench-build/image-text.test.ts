import { expect, test } from '@jest/globals'
import type { HiertextWord } from './hiertext-annotation.js'
import { imageTextOf } from './image-text.js'
import { annotate } from './testing/annotate.js'

function problemsOf(change: (word: HiertextWord) => Partial<HiertextWord>, handwritten = false): unknown {
  const annotation = annotate([['One two', 'three']], {
    word: (word) => (word.text === 'two' ? { ...word, ...change(word) } : word),
  })
  const { lines, unusable, problems } = imageTextOf({ annotation, minHeight: 8, handwritten })
  expect(lines.length + unusable.length).toBe(2)
  expect(lines).toHaveLength(problems.size === 0 ? 2 : 1)
  return Object.fromEntries(problems)
}

const turned = ({ vertices }: HiertextWord): number[][] => vertices.map(([x = 0, y = 0]) => [-y + 1000, x])

test('a word that cannot be asked about takes its line with it, and says why', () => {
  expect(problemsOf(() => ({}))).toEqual({})
  expect(problemsOf(() => ({ legible: false, text: '' }))).toEqual({ illegible: 1 })
  expect(problemsOf(() => ({ handwritten: true }))).toEqual({ handwritten: 1 })
  expect(problemsOf(() => ({ handwritten: true }), true)).toEqual({})
  expect(problemsOf(() => ({ vertical: true }))).toEqual({ vertical: 1 })
  expect(
    problemsOf(() => ({
      vertices: [
        [10, 10],
        [20, 20],
      ],
    })),
  ).toEqual({ 'degenerate polygon': 1 })
  expect(problemsOf(({ vertices }) => ({ vertices: vertices.map(([x = 0]) => [x, 50]) }))).toEqual({
    'degenerate polygon': 1,
  })
  expect(problemsOf((word) => ({ vertices: turned(word) }))).toEqual({ 'not upright': 1 })
  expect(
    problemsOf(({ vertices }) => ({ vertices: [...vertices.slice(2), ...vertices.slice(0, 2)] })),
  ).toEqual({
    'not upright': 1,
  })
  expect(
    problemsOf(({ vertices }) => ({
      vertices: vertices.map(([x = 0, y = 0]) => [x, 100 + (y - 100) * 0.7]),
    })),
  ).toEqual({ 'too low to read': 1 })
})

test('a line whose text is not that of its words cannot be used', () => {
  const annotation = annotate([['One two']])
  const [line] = annotation.paragraphs[0]?.lines ?? []
  if (line) line.text = 'One three'
  expect(imageTextOf({ annotation, minHeight: 8, handwritten: false }).lines).toEqual([])
})
