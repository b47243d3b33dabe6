import { expect, test } from '@jest/globals'
import type { SampleRow } from '../../report-data.js'
import { sampleRow } from '../../testing/sample-row.js'
import { filterSamples, NO_FILTERS, toggled } from './filters.js'
import { sortSamples } from './sort-samples.js'

const ROWS = [
  sampleRow({ key: 'a', ending: 'correct', transform: 'none', tools: ['crop'], calls: 1, turns: 2 }),
  sampleRow({ key: 'b', ending: 'wrong', transform: 'none', question: 'Which STREET?', value: 0 }),
  sampleRow({
    key: 'c',
    ending: 'wrong',
    transform: 'rotate_90',
    tools: ['crop', 'sharpen'],
    calls: 3,
    value: 0,
  }),
  sampleRow({
    key: 'd',
    ending: 'correct',
    transform: 'rotate_90',
    failedCalls: 2,
    isRecovered: true,
    calls: 3,
  }),
]
const keys = (rows: readonly SampleRow[]): string[] => rows.map(({ key }) => key)

test('values of one facet are alternatives, facets narrow each other', () => {
  let filters = toggled(NO_FILTERS, 'outcome', 'wrong')
  expect(keys(filterSamples(ROWS, filters).rows)).toEqual(['b', 'c'])
  filters = toggled(filters, 'transform', 'rotate_90')
  expect(keys(filterSamples(ROWS, filters).rows)).toEqual(['c'])
  filters = toggled(filters, 'outcome', 'correct')
  expect(keys(filterSamples(ROWS, filters).rows)).toEqual(['c', 'd'])
  filters = toggled(filters, 'transform', 'rotate_90')
  expect(keys(filterSamples(ROWS, filters).rows)).toEqual(['a', 'b', 'c', 'd'])
})

test('a count says what a choice would leave, whatever its own facet chose', () => {
  const filters = toggled(toggled(NO_FILTERS, 'outcome', 'wrong'), 'transform', 'none')
  const { counts } = filterSamples(ROWS, filters)
  expect([...counts.outcome]).toEqual([
    ['correct', 1],
    ['wrong', 1],
  ])
  expect([...counts.transform]).toEqual([
    ['none', 1],
    ['rotate_90', 1],
  ])
  expect([...counts.tool]).toEqual([])
})

test('what happened to calls can be asked for', () => {
  const only = (value: string) => keys(filterSamples(ROWS, toggled(NO_FILTERS, 'calls', value)).rows)
  expect(only('failed')).toEqual(['d'])
  expect(only('recovered')).toEqual(['d'])
  expect(only('emergent')).toEqual(['c'])
  expect(only('none')).toEqual(['b'])
})

test('search does not mind the case, and looks at answers too', () => {
  const search = (query: string) => keys(filterSamples(ROWS, { ...NO_FILTERS, query }).rows)
  expect(search(' street')).toEqual(['b'])
  expect(search('nothing of that')).toEqual([])
  expect(keys(filterSamples([sampleRow({ answer: 'Élan' })], { ...NO_FILTERS, query: 'éLAN' }).rows)).toEqual(
    ['k'],
  )
})

test('samples are sorted, equal ones as they were', () => {
  expect(keys(sortSamples(ROWS, 'errors'))).toEqual(['d', 'a', 'b', 'c'])
  expect(keys(sortSamples(ROWS, 'score'))).toEqual(['b', 'c', 'a', 'd'])
  expect(keys(sortSamples(ROWS, 'turns'))).toEqual(['a', 'b', 'c', 'd'])
})
