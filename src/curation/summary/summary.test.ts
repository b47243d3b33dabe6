import { expect, test } from '@jest/globals'
import { testSample } from '../../store/testing/sample.js'
import { curationDigest, type CurationDigest } from './digest.js'
import { distribution, summarizeCuration } from './summary.js'
import { renderCuration } from './table.js'
import { visualTokens } from './visual-tokens.js'

const digest = (changes: Partial<CurationDigest> = {}): CurationDigest => ({
  ...curationDigest({ sample: testSample(), skeletonOf: () => 'x' }),
  ending: 'kept',
  type: 'single-tool',
  turns: 2,
  ...changes,
})
const head = {
  suite: 's',
  teacher: { name: 'scripted', model: '1' },
  planned: 6,
  seed: 'x',
  rows: 5,
  unused: {},
}
const digests = [
  digest({ key: 'a', skeleton: 'p' }),
  digest({ key: 'b', skeleton: 'p', transform: 'rotate_90', corrected: ['wrong-answer', 'leak'] }),
  digest({ key: 'c', skeleton: 'q', type: 'no-tool', turns: 1 }),
  digest({ key: 'd', ending: 'dropped', dropped: 'result-differs' }),
  digest({ key: 'e', ending: 'failed', type: null }),
]
const summary = summarizeCuration({ head, digests })

test('counts what was kept, corrected, dropped and failed', () => {
  expect(summary).toMatchObject({
    decided: 4,
    kept: 3,
    corrected: 1,
    failed: 1,
    dropped: { 'result-differs': 1 },
  })
  expect(summary.rejectedAttempts).toEqual({ 'wrong-answer': 1, leak: 1 })
  expect(summary.byType['single-tool']).toMatchObject({ decided: 3, kept: 2, corrected: 1 })
  expect(summary.byTypeAndTransform).toEqual({
    'single-tool': { none: 1, rotate_90: 1 },
    'no-tool': { none: 1 },
  })
  expect(summary.turnCounts).toEqual({ 1: 1, 2: 2 })
})

test('tells the share of the most frequent reasoning, of all and of each type', () => {
  expect(summary.skeletons).toEqual({
    different: 2,
    largestShare: 2 / 3,
    largestByType: { 'single-tool': 1, 'no-tool': 1 },
  })
})

test('does not depend on the order of the samples', () => {
  expect(JSON.stringify(summarizeCuration({ head, digests: [...digests].reverse() }))).toBe(
    JSON.stringify(summary),
  )
})

test('a table says what is not made yet', () => {
  const table = renderCuration(summary)
  expect(table).toMatch(
    /3 of 6 kept \(75\.0 % of those decided\), 1 of them corrected\n1 failed .*, 1 not made yet/,
  )
  expect(table).toMatch(/^single-tool +2\/3 +1 +1 /m)
})

test('percentiles are of the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, at) => 100 - at)
  expect(distribution(values)).toEqual({ mean: 50.5, least: 1, median: 50, p95: 95, most: 100, total: 5050 })
  expect(distribution([7])).toEqual({ mean: 7, least: 7, median: 7, p95: 7, most: 7, total: 7 })
  expect(distribution([])).toBeNull()
})

test('visual tokens are patches of 28 pixels of every view that was shown', () => {
  const image = (width: number, height: number) => ({
    sha256: 'x',
    width: 900,
    height: 900,
    call: null,
    view: { sha256: 'y', width, height },
  })
  expect(visualTokens({ images: [image(224, 224), image(40, 13), { ...image(1, 1), view: null }] })).toBe(
    64 + 1,
  )
})

test('with a tokenizer, lengths are told in tokens: of what is learned, and of the whole conversation', () => {
  const said = (role: 'user' | 'assistant', text: string) => ({
    role,
    content: [{ type: 'text' as const, text }],
  })
  const sample = testSample({
    trajectory: {
      ...{ messages: [said('user', 'what is it'), said('assistant', 'a cat')], images: [], calls: [] },
      ...{ turns: 1, malformedCalls: 0, stop: 'answer', usage: { promptTokens: 0, completionTokens: 0 } },
    },
  })
  const words = (text: string): number => text.split(' ').length
  const { textTokens } = curationDigest({ sample, skeletonOf: () => 'x', countTokens: words })
  expect(textTokens).toEqual({ written: 2, conversation: 5 })
  const told = summarizeCuration({ head, digests: [digest({ textTokens }), digest({ textTokens })] })
  expect(told.textTokens).toMatchObject({ written: { total: 4 }, conversation: { total: 10 } })
  expect(renderCuration(told)).toContain('tokens to learn 2 (2–2) · tokens of text 5 (5–5)')
  expect(summary.textTokens).toBeNull()
})
