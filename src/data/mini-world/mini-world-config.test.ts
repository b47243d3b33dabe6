import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { parseMiniWorldConfig } from './mini-world-config.js'

test('the same choice in another order is the same world', () => {
  expect(parseMiniWorldConfig({ kinds: ['sum', 'read'] })).toEqual(
    parseMiniWorldConfig({ kinds: ['read', 'sum'] }),
  )
})

test.each([
  [{ rows: 0 }, /`rows`/],
  [{ items: [7, 5] as [number, number] }, /the least number before the most/],
  [{ size: 256, view: 224 * 224 }, /at most a quarter of the picture/],
  [{ 'find-height': 1 }, /12 pixels at least/],
  [{ view: 128 * 128, 'read-height': 20 }, /read: expected room for \d rows.*--read-height/],
  [{ corrupted: 2 }, /`corrupted`/],
])('%j is refused with what was expected', (options, message) => {
  expect(() => parseMiniWorldConfig(options)).toThrow(UsageError)
  expect(() => parseMiniWorldConfig(options)).toThrow(message)
})
