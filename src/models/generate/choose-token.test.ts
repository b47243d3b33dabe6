import { expect, test } from '@jest/globals'
import { uniformStream } from '../../core/uniform-stream.js'
import { chooseToken } from './choose-token.js'
import { expOfNegative } from './exp-of-negative.js'
import { largestFirst } from './largest-first.js'

const uniform = uniformStream('scores')
const scores = (count: number): Float32Array =>
  // Few different ones, so that some are equal.
  Float32Array.from({ length: count }, () => Math.round(uniform() * 40) / 8)

test('e to a negative power is that of the library within two units in the last place', () => {
  for (let round = 0; round < 20_000; round++) {
    const x = -uniform() * (round % 2 === 0 ? 10 : 700)
    expect(Math.abs(expOfNegative(x) / Math.exp(x) - 1)).toBeLessThan(2 * Number.EPSILON)
  }
  expect([0, -800, -Infinity].map(expOfNegative)).toEqual([1, 0, 0])
  expect(expOfNegative(NaN)).toBeNaN()
})

test('indexes come in the order of a stable sort, the largest first', () => {
  for (let count = 0; count < 60; count++) {
    const weights = scores(count)
    const sorted = Array.from(weights.keys()).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0))
    expect([...largestFirst(weights)]).toEqual(sorted)
  }
})

test('greedy: of equal scores the first, and never a barred one', () => {
  const logits = Float32Array.of(1, 3, 3, 2)
  const greedy = { temperature: 0, topP: 1, topK: 0 }
  const given = { logits, sampling: greedy, random: () => 0.9 }
  expect(chooseToken(given).id).toBe(1)
  expect(chooseToken({ ...given, barred: new Set([1, 2]) }).id).toBe(3)
})

/** By the definition: everything sorted, cut by number, then by share, then drawn from. */
function drawnPlainly(given: {
  logits: Float32Array
  topP: number
  topK: number
  random: number
  barred: ReadonlySet<number>
}): number {
  const weights = Array.from(given.logits, (score, id) => (given.barred.has(id) ? 0 : Math.exp(score)))
  const isCut = given.topP < 1 || (given.topK > 0 && given.topK < weights.length)
  const sorted = weights.map((weight, id) => ({ weight, id }))
  if (isCut) sorted.sort((a, b) => b.weight - a.weight || a.id - b.id)
  const most = given.topK > 0 ? sorted.slice(0, given.topK) : sorted
  const share = given.topP * most.reduce((sum, { weight }) => sum + weight, 0)
  let sum = 0
  const kept = most.filter(({ weight }) => {
    if (isCut && sum >= share) return false
    sum += weight
    return true
  })
  let left = given.random * sum
  return kept.find(({ weight }) => (left -= weight) < 0)?.id ?? -1
}

test.each([
  { topP: 1, topK: 0 },
  { topP: 1, topK: 7 },
  { topP: 0.83, topK: 0 },
  { topP: 0.61, topK: 12 },
  { topP: 1, topK: 500 },
])('a token is drawn as the definition says: $topP of the mass, $topK at most', ({ topP, topK }) => {
  const barred = new Set([2, 999])
  for (let round = 0; round < 300; round++) {
    const logits = scores(3 + (round % 50))
    const random = uniform()
    const { id } = chooseToken({
      logits,
      sampling: { temperature: 1, topP, topK },
      random: () => random,
      barred,
    })
    expect(id).toBe(drawnPlainly({ logits, topP, topK, random, barred }))
  }
})

test('the log-probability is over all tokens, at the temperature', () => {
  const logits = Float32Array.of(0.5, -1, 2)
  const total = Array.from(logits).reduce((sum, score) => sum + Math.exp(score / 0.5), 0)
  const { id, logprob } = chooseToken({
    logits,
    sampling: { temperature: 0.5, topP: 0.5, topK: 1 },
    random: () => 0.3,
  })
  expect(id).toBe(2)
  expect(logprob).toBeCloseTo(2 / 0.5 - Math.log(total), 12)
})

test('a barred token that towers above all others does not drown them', () => {
  const logits = Float32Array.of(900, 1, 2, 900)
  const barred = new Set([0, 3])
  const counts = [0, 0, 0, 0]
  for (let round = 0; round < 4000; round++) {
    const { id, logprob } = chooseToken({
      logits,
      sampling: { temperature: 1, topP: 1, topK: 0 },
      random: uniform,
      barred,
    })
    counts[id] = (counts[id] ?? 0) + 1
    expect(logprob).toBeCloseTo((logits[id] ?? 0) - 900 - Math.LN2, 9)
  }
  expect(counts[0]).toBe(0)
  expect(counts[3]).toBe(0)
  expect((counts[2] ?? 0) / 4000).toBeCloseTo(Math.E / (1 + Math.E), 1)
  const greedy = { temperature: 0, topP: 1, topK: 0 }
  expect(chooseToken({ logits, sampling: greedy, random: () => 0, barred }).id).toBe(2)
})

test.each([
  { values: [NaN, 1] },
  { values: [1, NaN] },
  { values: [NaN, NaN] },
  { values: [Infinity, 1] },
  { values: [-Infinity, -Infinity] },
])('scores that are not finite are an error: $values', ({ values }) => {
  for (const temperature of [0, 1])
    expect(() =>
      chooseToken({
        logits: Float32Array.from(values),
        sampling: { temperature, topP: 0.9, topK: 0 },
        random: () => 0.5,
      }),
    ).toThrow(/expected finite scores/)
})
