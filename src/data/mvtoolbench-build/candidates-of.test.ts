import { expect, test } from '@jest/globals'
import { candidatesOf } from './candidates-of.js'
import { imageTextOf } from './image-text.js'
import { QUESTION_KINDS } from './question-kind.js'
import { annotate } from './testing/annotate.js'

const limits = { maxArea: 0.0001, minHeight: 8, viewPixels: 401_408 }
const annotation = annotate([
  ['Old mill', 'Tea house', 'the red sun sets', 'a red barn', 'Bread 2.50', 'Milk 1.20'],
])

function candidates(seed: string, changes: Partial<typeof limits> = {}) {
  const image = imageTextOf({ annotation, minHeight: limits.minHeight, handwritten: false })
  const found: string[] = []
  const drops: string[] = []
  const chosen = candidatesOf({
    image,
    kinds: QUESTION_KINDS,
    limits: { ...limits, ...changes },
    seed,
    onFound: (kind) => found.push(kind),
    onDrop: (kind, reason) => drops.push(`${kind}: ${reason}`),
  })
  return { chosen, found, drops }
}

test('gives one question of each kind, filled in, with the box of what holds the answer', () => {
  const { chosen, found } = candidates('a')
  expect(new Set(found)).toEqual(
    new Set(['word-after', 'count-words', 'count-occurrences', 'number-after', 'line-end']),
  )
  for (const candidate of Object.values(chosen)) {
    expect(candidate.question).toMatch(/^[^{}]*"[^"{}]+"[^{}]*$/)
    expect(candidate.alternatives).not.toContain(candidate.answer)
  }
  expect(['2.50', '1.20']).toContain(chosen['number-after']?.answer)
  // "red" is 3 characters of 6 pixels, after 4 in the line at 130 and after 2 in the one at 145.
  expect(chosen['count-occurrences']).toMatchObject({ answer: '2', box: [62, 130, 92, 155] })
})

test('the seed decides which, and with which words', () => {
  const questions = (seed: string): string[] =>
    Object.values(candidates(seed).chosen).map(({ question }) => question)
  expect(questions('a')).toEqual(questions('a'))
  const many = new Set(
    Array.from({ length: 40 }, (_, seed) => candidates(String(seed)).chosen['number-after']?.question),
  )
  // Two numbers, three wordings.
  expect(many.size).toBe(6)
})

test('says of every question that is not asked why', () => {
  const { found, drops } = candidates('a', { maxArea: 0.00001 })
  expect(found).toEqual([])
  expect(drops).toContain('number-after: text larger than the limit')
  expect(candidates('a', { viewPixels: 3_000_000 }).drops).toContain('line-end: readable in the view')
})
