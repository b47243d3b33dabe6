import { expect, test } from '@jest/globals'
import type { ReportData, SampleRow } from '../../report-data.js'
import { sampleRow } from '../../testing/sample-row.js'
import { isOfKind, pairRuns } from './pair-runs.js'
import { settingDifferences } from './setting-differences.js'
import { shortPlaces } from './short-places.js'

const row = (key: string, isRight: boolean | null): SampleRow =>
  sampleRow({
    key,
    ending: isRight === true ? 'correct' : 'wrong',
    value: isRight === null ? null : Number(isRight),
  })

test('samples are paired by key, those that a run did not score left out and counted', () => {
  const a = [row('1', true), row('2', false), row('3', true), row('4', false), row('5', null), row('6', true)]
  const b = [row('4', false), row('3', false), row('2', true), row('1', true), row('5', true), row('7', true)]
  const { pairs, unpaired } = pairRuns(a, b)
  expect(pairs.map(({ key, kind }) => `${key} ${kind}`)).toEqual([
    '1 both-right',
    '2 gained',
    '3 lost',
    '4 both-wrong',
  ])
  expect(unpaired).toBe(3)
  expect(pairs.filter((pair) => isOfKind(pair, 'flips')).map(({ key }) => key)).toEqual(['2', '3'])
  expect(pairs.filter((pair) => isOfKind(pair, 'all'))).toHaveLength(4)
})

test('where answers earn parts of the credit, a flip is one that earned more or less, right or not', () => {
  const earning = (key: string, value: number): SampleRow =>
    sampleRow({ key, value, ending: value === 1 ? 'correct' : 'wrong' })
  const pairing = (before: readonly number[], after: readonly number[]) =>
    pairRuns(
      before.map((value, index) => earning(String(index), value)),
      after.map((value, index) => earning(String(index), value)),
    )
  const { pairs, isPartial } = pairing([0.4, 0.4, 1, 0.4, 1], [1, 0, 0.75, 0.4, 1])
  expect(pairs.map(({ kind }) => kind)).toEqual(['gained', 'lost', 'lost', 'both-wrong', 'both-right'])
  expect(isPartial).toBe(true)
  expect(pairing([0, 1], [1, 1]).isPartial).toBe(false)
})

test('a heading names each place that differs once', () => {
  const names = [
    'head.judge',
    'head.policy.model',
    'settings.judge',
    'settings.judge.model',
    'settings.policy.model',
  ]
  expect(shortPlaces([...names, 'agent.view.maxPixels'])).toEqual([
    ...['judge', 'policy.model', 'agent.view.maxPixels'],
  ])
})

test('what was set up differently is named by its place, the number of samples aside', () => {
  const run = (identity: ReportData['manifest']['identity']) => ({ manifest: { identity } }) as ReportData
  const one = run({ head: { judge: 'none', planned: 5 }, agent: { view: { maxPixels: 100 }, tools: ['a'] } })
  const other = run({
    head: { judge: 'm', planned: 9 },
    agent: { view: { maxPixels: 100 }, tools: [] },
    seed: 1,
  })
  expect(settingDifferences(one, other)).toEqual([
    { name: 'head.judge', a: 'none', b: 'm' },
    { name: 'agent.tools', a: '["a"]', b: '[]' },
    { name: 'seed', a: 'not set', b: '1' },
  ])
})
