import { expect, test } from '@jest/globals'
import { dataOrder } from './data-order.js'

test('a pass takes every item once, and the next pass takes them in another order', () => {
  const order = dataOrder({ count: 10, batchSize: 4, seed: 7, rest: 'keep' })
  expect(order.stepsPerPass).toBe(3)
  const passes = [0, 1].map((pass) => [0, 1, 2].flatMap((step) => order.batchOf(pass * 3 + step).items))
  for (const items of passes) expect([...items].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(passes[0]).not.toEqual(passes[1])
  expect(order.batchOf(2).items).toHaveLength(2)
  expect(order.batchOf(3).pass).toBe(1)
})

test('what a step takes follows from seed and step alone', () => {
  const asked = { count: 10, batchSize: 4, seed: 7, rest: 'keep' } as const
  const forward = dataOrder(asked)
  const all = [0, 1, 2, 3, 4, 5].map((step) => forward.batchOf(step))
  expect(dataOrder(asked).batchOf(4)).toEqual(all[4])
  expect(dataOrder({ ...asked, seed: 8 }).batchOf(0)).not.toEqual(all[0])
})

test('a rest that is dropped leaves whole batches only; data for less than one batch is one batch', () => {
  const order = dataOrder({ count: 10, batchSize: 4, seed: 7, rest: 'drop' })
  expect([0, 1, 2].map((step) => order.batchOf(step).items.length)).toEqual([4, 4, 4])
  expect(order.batchOf(2).pass).toBe(1)
  const small = dataOrder({ count: 3, batchSize: 4, seed: 7, rest: 'drop', isShuffled: false })
  expect(small.batchOf(5)).toEqual({ pass: 5, items: [0, 1, 2] })
})
