import { expect, test } from '@jest/globals'
import { recipeDifferences } from './recipe-differences.js'

const marked = (variant: 'paper' | 'release', value: number, said: { paper?: string; release?: string }) =>
  recipeDifferences({ settings: [{ key: 'a', value, ...said }], variant }).map(
    ({ isDifferent }) => isDifferent,
  )

test('a value of the variant is none that differs, whatever the other says', () => {
  expect(marked('paper', 2, { paper: '2', release: '1' })).toEqual([false])
  expect(marked('release', 1, { paper: '2', release: '1' })).toEqual([false])
})

test('a value of the other is one that differs, where the variant says something', () => {
  expect(marked('paper', 1, { paper: '2', release: '1' })).toEqual([true])
  expect(marked('release', 2, { paper: '2', release: '1' })).toEqual([true])
})

test('where the variant says nothing, the other counts', () => {
  expect(marked('paper', 100, { release: '400' })).toEqual([true])
  expect(marked('paper', 400, { release: '400' })).toEqual([false])
  expect(marked('release', 100, { paper: '400' })).toEqual([true])
})

test('a value of which neither says anything is not told', () => {
  expect(marked('paper', 100, {})).toEqual([])
})
