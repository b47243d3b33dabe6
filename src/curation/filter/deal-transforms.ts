import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { fractionOf } from '../../data/mvtoolbench-build/digest-order.js'

/**
 * Give each row that has none a transformation, so that over all rows each of the five comes equally often and `none` has its share, as far as the rows that came transformed allow.
 * Rows of one category are dealt one after the other, so that each category has its part of each. Which row is given which follows from `seed` and the rows' keys.
 * @returns one for each of `open`, in their order
 */
export function dealTransforms({
  open,
  given,
  none,
  seed,
}: {
  open: readonly { key: string; category: string | null }[]
  /** Of rows that keep theirs. */
  given: readonly Transform[]
  /** Share of `none`, 0 to 1. */
  none: number
  seed: number
}): Transform[] {
  const total = open.length + given.length
  const missing = TRANSFORMS.map((transform) => {
    const share = transform === 'none' ? none : (1 - none) / (TRANSFORMS.length - 1)
    const there = given.filter((name) => name === transform).length
    return Math.max(0, share * total - there)
  })
  const sum = missing.reduce((a, b) => a + b, 0)
  const order = open
    .map(({ key, category }, at) => ({ at, category: category ?? '', rank: fractionOf(String(seed), key) }))
    .sort((a, b) => compare(a.category, b.category) || a.rank - b.rank)
  const dealt = TRANSFORMS.map(() => 0)
  const transforms = new Array<Transform>(open.length).fill('none')
  for (const [turn, { at }] of order.entries()) {
    const behind = TRANSFORMS.map(
      (_, which) => (missing[which] ?? 0) * (turn + 1) - (dealt[which] ?? 0) * sum,
    )
    const next = behind.indexOf(Math.max(...behind))
    dealt[next] = (dealt[next] ?? 0) + 1
    transforms[at] = TRANSFORMS[next] ?? 'none'
  }
  return transforms
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
