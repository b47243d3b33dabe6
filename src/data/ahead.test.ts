import { expect, test } from '@jest/globals'
import { ahead } from './ahead.js'

async function* numbers(
  count: number,
  onTaken: (at: number) => void = () => undefined,
): AsyncGenerator<number> {
  for (let at = 0; at < count; at++) {
    onTaken(at)
    yield await Promise.resolve(at)
  }
}

test('results come in the order of the items, whichever is done first', async () => {
  const open: (() => void)[] = []
  const results: number[] = []
  const work = (item: number): Promise<number> =>
    new Promise((done) => {
      open.push(() => done(item * 10))
      // The third of each three lets all of them go, the last one first.
      if (open.length === 3 || item === 6) for (const finish of open.splice(0).reverse()) finish()
    })
  for await (const result of ahead({ items: numbers(7), width: 3, work })) results.push(result)
  expect(results).toEqual([0, 10, 20, 30, 40, 50, 60])
})

test('no more items are taken than may be held', async () => {
  let [taken, given] = [0, 0]
  let most = 0
  const items = numbers(50, () => {
    taken++
    most = Math.max(most, taken - given)
  })
  for await (const result of ahead({ items, width: 4, work: (item) => Promise.resolve(item) }))
    given = result + 1
  expect(given).toBe(50)
  expect(most).toBe(4)
})

test('a failure comes in its turn, after the results before it', async () => {
  const results: number[] = []
  const run = async (): Promise<void> => {
    const work = (item: number): Promise<number> =>
      item === 2 ? Promise.reject(new Error('the third')) : Promise.resolve(item)
    for await (const result of ahead({ items: numbers(9), width: 4, work })) results.push(result)
  }
  await expect(run()).rejects.toThrow('the third')
  expect(results).toEqual([0, 1])
})
