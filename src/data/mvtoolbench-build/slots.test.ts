import { expect, test } from '@jest/globals'
import { QUESTION_KINDS } from './question-kind.js'
import { slotsFor } from './slots.js'

function spread(counts: readonly number[]): number {
  return Math.max(...counts) - Math.min(...counts)
}

test.each([1, 2, 3, 4, 5, 6])(
  'with %i kinds, kinds and transformations are balanced for any number of rows, and pairs over each full round',
  (count) => {
    const kinds = QUESTION_KINDS.slice(0, count)
    for (let rows = 1; rows <= 4 * 5 * count; rows++) {
      const slots = slotsFor({ rows, kinds })
      const timesOf = (wanted: string): number =>
        slots.filter(({ kind, transform }) => kind === wanted || transform === wanted).length
      expect(slots).toHaveLength(rows)
      expect(spread(kinds.map(timesOf))).toBeLessThanOrEqual(1)
      expect(
        spread(['rotate_90', 'rotate_180', 'rotate_270', 'flip_horizontal', 'flip_vertical'].map(timesOf)),
      ).toBeLessThanOrEqual(1)
      if (rows % (5 * count) === 0) {
        const pairs = new Map<string, number>()
        for (const slot of slots) {
          const pair = `${slot.kind} ${slot.transform}`
          pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
        }
        expect(pairs.size).toBe(5 * count)
        expect(spread([...pairs.values()])).toBe(0)
      }
    }
  },
)
