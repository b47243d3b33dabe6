import type { Contrast } from './contrast.js'

/** What the paper lets expect of a difference; `open`: it says nothing of it, and it is told without a verdict. */
export type Expected =
  | { readonly direction: 'higher' | 'lower' }
  /** By more than the margin, that is. */
  | { readonly direction: 'not lower'; readonly margin: number }
  | { readonly direction: 'open' }

export type Verdict = 'agrees' | 'disagrees' | 'cannot tell'

/**
 * Whether a difference goes the way that the paper lets expect: decided where its interval lies on one side of 0 (of `not lower`: above the margin, or below 0). Null where nothing is expected.
 * @param parameters.contrast null: an arm is missing
 */
export function directionOf({
  contrast,
  expected,
}: {
  contrast: Pick<Contrast, 'interval'> | null
  expected: Expected
}): Verdict | null {
  if (expected.direction === 'open') return null
  if (contrast?.interval == null) return 'cannot tell'
  const [low, high] = contrast.interval
  switch (expected.direction) {
    case 'higher':
      return low > 0 ? 'agrees' : high < 0 ? 'disagrees' : 'cannot tell'
    case 'lower':
      return high < 0 ? 'agrees' : low > 0 ? 'disagrees' : 'cannot tell'
    case 'not lower':
      return high < 0 ? 'disagrees' : low > -expected.margin ? 'agrees' : 'cannot tell'
  }
}

/** Of several: one that disagrees decides; else one that cannot tell; else all agree. Null where nothing was expected. */
export function overallDirection(verdicts: readonly (Verdict | null)[]): Verdict | null {
  const given = verdicts.filter((verdict) => verdict !== null)
  if (given.length === 0) return null
  return (['disagrees', 'cannot tell'] as const).find((verdict) => given.includes(verdict)) ?? 'agrees'
}
