import type { Contrast } from './contrast.js'

/** What the paper lets expect of a difference; `open`: it says nothing of it, and it is told without a verdict. */
export type Expected =
  | { readonly direction: 'higher' | 'lower' }
  /** By more than the margin, that is. */
  | { readonly direction: 'not lower'; readonly margin: number }
  | { readonly direction: 'open' }

/** `no difference`: none that counts, and the interval is narrow enough to say so; `not tested`: agreement could hardly have failed. */
export type Verdict = 'agrees' | 'disagrees' | 'no difference' | 'not tested' | 'cannot tell'

/**
 * Whether a difference goes the way that the paper lets expect: decided where its interval lies on one side of 0, or around it within what counts as no difference; of `not lower` on one side of the margin, since a fall
 * within it counts as none. Null where nothing is expected.
 * @param parameters.contrast null: an arm is missing
 * @param parameters.negligible the largest difference that counts as none, in the units of the measure
 */
export function directionOf({
  contrast,
  expected,
  negligible,
}: {
  contrast: Pick<Contrast, 'interval'> | null
  expected: Expected
  negligible: number
}): Verdict | null {
  if (expected.direction === 'open') return null
  if (contrast?.interval == null) return 'cannot tell'
  const [low, high] = contrast.interval
  // An interval without width comes of tasks that happen to be alike, and bounds nothing.
  const isNarrow = high > low && Math.max(-low, high) <= negligible
  const otherwise = isNarrow ? 'no difference' : 'cannot tell'
  switch (expected.direction) {
    case 'higher':
      return low > 0 ? 'agrees' : high < 0 ? 'disagrees' : otherwise
    case 'lower':
      return high < 0 ? 'agrees' : low > 0 ? 'disagrees' : otherwise
    case 'not lower':
      return low > -expected.margin ? 'agrees' : high < -expected.margin ? 'disagrees' : 'cannot tell'
  }
}

/** Of all that is not agreement, what says most. */
const ORDER = ['disagrees', 'cannot tell', 'no difference', 'not tested'] as const

/** Of several: one that disagrees decides; else one that cannot tell, one without a difference, one that is not tested; else all agree. Null where nothing was expected. */
export function overallDirection(verdicts: readonly (Verdict | null)[]): Verdict | null {
  const given = verdicts.filter((verdict) => verdict !== null)
  if (given.length === 0) return null
  return ORDER.find((verdict) => given.includes(verdict)) ?? 'agrees'
}
