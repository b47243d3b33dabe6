import { expect, test } from '@jest/globals'
import { prepareAhead } from './prepare-ahead.js'

/** What happens, in order. */
function recorded({ failing }: { failing?: number } = {}) {
  const log: string[] = []
  const parts = prepareAhead({
    items: [0, 1, 2, 3],
    ahead: 1,
    async prepare(item) {
      log.push(`prepare ${item}`)
      if (item === failing) throw new RangeError(`no ${item}`)
      return item
    },
    async release(item) {
      log.push(`release ${item}`)
    },
  })
  return { log, parts }
}

const aWhile = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('the next item is prepared while one is used, and no other', async () => {
  const { log, parts } = recorded()
  for await (const item of parts) {
    await aWhile()
    log.push(`used ${item}`)
  }
  expect(log).toEqual([
    ...['prepare 0', 'prepare 1', 'used 0', 'prepare 2', 'used 1', 'prepare 3', 'used 2', 'used 3'],
  ])
})

test('where using one fails, what was prepared for the next is released, and nothing more is prepared', async () => {
  const { log, parts } = recorded()
  const using = async (): Promise<void> => {
    for await (const item of parts) {
      await aWhile()
      if (item === 1) throw new Error('enough')
    }
  }
  await expect(using()).rejects.toThrow('enough')
  expect(log).toEqual(['prepare 0', 'prepare 1', 'prepare 2', 'release 2'])
})

test('one that cannot be prepared fails in its place, after those before it', async () => {
  const { log, parts } = recorded({ failing: 1 })
  const used: number[] = []
  const using = async (): Promise<void> => {
    for await (const item of parts) used.push(item)
  }
  await expect(using()).rejects.toThrow('no 1')
  expect(used).toEqual([0])
  expect(log).toEqual(['prepare 0', 'prepare 1'])
})

test('of no items nothing is prepared', async () => {
  const parts = prepareAhead({
    items: [],
    ahead: 1,
    prepare: () => Promise.reject(new Error('asked')),
    release: () => Promise.resolve(),
  })
  expect(await parts.next()).toEqual({ done: true, value: undefined })
})
