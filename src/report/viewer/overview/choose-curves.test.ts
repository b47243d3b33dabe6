import { expect, test } from '@jest/globals'
import { chooseCurves } from './choose-curves.js'

test('figures that a reader looks for come first and in their order, the others by name', () => {
  expect(chooseCurves(['seconds/train', 'kl', 'reward/total', 'seconds/model', 'accuracy'])).toEqual({
    first: ['reward/total', 'accuracy', 'kl'],
    others: ['seconds/model', 'seconds/train'],
  })
})
