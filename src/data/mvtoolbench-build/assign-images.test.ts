import { expect, test } from '@jest/globals'
import { assignImages } from './assign-images.js'
import type { QuestionKind } from './question-kind.js'

const offering = (...kinds: QuestionKind[]) => ({
  candidates: Object.fromEntries(kinds.map((kind) => [kind, true])),
})

test('an image that only one kind can use is not kept from it by another that came first', () => {
  const images = [offering('line-end', 'word-after'), offering('line-end')]
  expect(assignImages({ images, wanted: ['line-end', 'word-after'], perImage: 1 })).toEqual([1, 0])
})

test('makes room along several kinds', () => {
  const images = [
    offering('line-end', 'word-after'),
    offering('line-end', 'next-line'),
    offering('line-end', 'count-words'),
    offering('next-line', 'count-words'),
  ]
  const wanted: QuestionKind[] = ['line-end', 'next-line', 'count-words', 'word-after']
  const given = assignImages({ images, wanted, perImage: 1 })
  expect(new Set(given)).toEqual(new Set([0, 1, 2, 3]))
  given.forEach((image, at) => {
    const kind = wanted[at] ?? 'line-end'
    expect(images[image]?.candidates).toHaveProperty(kind)
  })
})

test('ends at the first that cannot be given', () => {
  const images = [offering('line-end'), offering('line-end'), offering('word-after')]
  const wanted: QuestionKind[] = ['line-end', 'word-after', 'line-end', 'word-after', 'line-end']
  expect(assignImages({ images, wanted, perImage: 1 })).toHaveLength(3)
})

test('uses an image as often as it may, but never twice for one kind', () => {
  const images = [offering('line-end', 'word-after', 'next-line')]
  const wanted: QuestionKind[] = ['line-end', 'word-after', 'next-line']
  expect(assignImages({ images, wanted, perImage: 2 })).toEqual([0, 0])
  expect(assignImages({ images, wanted: ['line-end', 'line-end'], perImage: 2 })).toEqual([0])
})

test('finds as many as there are, whatever the order: held against trying everything', () => {
  const kinds: QuestionKind[] = ['line-end', 'word-after', 'next-line']
  for (let code = 0; code < 8 ** 3; code++) {
    const images = [0, 1, 2].map((at) => offering(...kinds.filter((_, bit) => (code >> (at * 3 + bit)) & 1)))
    const can = (wanted: readonly QuestionKind[], left: readonly (typeof images)[number][]): boolean => {
      const [kind, ...rest] = wanted
      if (kind === undefined) return true
      return left.some(
        (image) =>
          image.candidates[kind] &&
          can(
            rest,
            left.filter((other) => other !== image),
          ),
      )
    }
    const most = [0, 1, 2, 3].filter((count) => can(kinds.slice(0, count), images)).at(-1)
    expect(assignImages({ images, wanted: kinds, perImage: 1 })).toHaveLength(most ?? 0)
  }
})
