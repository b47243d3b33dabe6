import { expect, test } from '@jest/globals'
import { parseSplits, rowsBySplit, splitOf } from './splits.js'

test('shares are read, and must sum to 1', () => {
  expect(parseSplits(['test'])).toEqual([{ name: 'test', share: 1 }])
  expect(parseSplits(['train=0.8', 'test=.2'])).toEqual([
    { name: 'train', share: 0.8 },
    { name: 'test', share: 0.2 },
  ])
  for (const wrong of [
    ['train', 'test'],
    ['train=0.8'],
    ['a=0.5', 'a=0.5'],
    ['a b'],
    ['../x'],
    ['a=0', 'b=1'],
    [],
  ])
    expect(() => parseSplits(wrong)).toThrow(/^--split: expected/)
})

test('rows are shared out to the last one', () => {
  const splits = parseSplits(['a=0.335', 'b=0.335', 'c=0.33'])
  expect([...rowsBySplit({ rows: 10, splits })]).toEqual([
    ['a', 4],
    ['b', 3],
    ['c', 3],
  ])
})

test('the split of an image follows from its name and the seed, in proportion to the shares', () => {
  const splits = parseSplits(['train=0.8', 'test=0.2'])
  const names = Array.from({ length: 5000 }, (_, index) => `image-${index}`)
  const inTest = (seed: string): string[] =>
    names.filter((imageId) => splitOf({ imageId, splits, seed }) === 'test')
  expect(inTest('a').length / names.length).toBeCloseTo(0.2, 1)
  expect(inTest('a')).toEqual(inTest('a'))
  expect(inTest('a')).not.toEqual(inTest('b'))
})
