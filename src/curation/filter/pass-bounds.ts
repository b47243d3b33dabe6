import { UsageError } from '../../core/errors.js'

/** Pass rates that are wanted. `mixed`: all but 0 and 1; `range`: both ends included. */
export type PassBounds = { kind: 'mixed' } | { kind: 'range'; low: number; high: number }

/** Where a pass rate lies; `all-right` and `all-wrong` only where such rows are not wanted. */
export type PassPlace = 'within' | 'all-right' | 'all-wrong' | 'too-easy' | 'too-hard'

/** Shares are compared as counts, so that 1 of 10 is not below 0.1 for the sake of a rounding. */
const EPSILON = 1e-9

/**
 * Read `--keep`: `mixed`, or the least and the largest pass rate, such as `0.1-0.9`.
 * @throws UsageError for anything else.
 */
export function parsePassBounds(text: string): PassBounds {
  if (text.trim() === 'mixed') return { kind: 'mixed' }
  const match = /^\s*(\d*\.?\d+)\s*-\s*(\d*\.?\d+)\s*$/.exec(text)
  const [low, high] = [Number(match?.[1] ?? Number.NaN), Number(match?.[2] ?? Number.NaN)]
  if (low >= 0 && high <= 1 && low <= high) return { kind: 'range', low, high }
  throw new UsageError(
    `--keep: expected \`mixed\` (some rollouts right, some not), or the least and the largest pass rate between 0 and 1, both included, such as 0.1-0.9; got "${text}"`,
  )
}

/** Where `correct` right answers of `n` rollouts lie, `n` > 0. */
export function passPlace({
  bounds,
  correct,
  n,
}: {
  bounds: PassBounds
  correct: number
  n: number
}): PassPlace {
  if (isWithin({ bounds, correct, n })) return 'within'
  if (correct === n) return 'all-right'
  if (correct === 0) return 'all-wrong'
  return bounds.kind === 'range' && correct < bounds.low * n ? 'too-hard' : 'too-easy'
}

function isWithin({ bounds, correct, n }: { bounds: PassBounds; correct: number; n: number }): boolean {
  if (bounds.kind === 'mixed') return correct > 0 && correct < n
  return correct >= bounds.low * n - EPSILON && correct <= bounds.high * n + EPSILON
}
