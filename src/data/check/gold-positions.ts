import { positionTest, type PositionTest } from './position-test.js'

/** Where the right options of questions with equally many options stand. */
export interface GoldPositions extends PositionTest {
  options: number
  /** How often at A, B and so on. */
  counts: readonly number[]
}

/** Counts of the places of right options, by the number of options, each with its test. */
export function goldPositions(
  observed: Iterable<{ options: number; place: number }>,
): readonly GoldPositions[] {
  const byOptions = new Map<number, number[]>()
  for (const { options, place } of observed) {
    const counts = byOptions.get(options) ?? new Array<number>(options).fill(0)
    counts[place] = (counts[place] ?? 0) + 1
    byOptions.set(options, counts)
  }
  return [...byOptions]
    .filter(([options]) => options > 1)
    .sort(([a], [b]) => a - b)
    .map(([options, counts]) => ({ options, counts, ...positionTest(counts) }))
}
