/** What happened to the calls of a load. The first four must stay 0. */
export interface Tally {
  /** Calls that ended neither in an answer nor in an error that asks to try again. */
  lost: number
  /** Answers that were another call's, stale, or not right. */
  wrong: number
  /** Calls that did not end in time. */
  hung: number
  /** Calls that were refused again and again. */
  starved: number
  calls: number
  images: number
  errors: number
  timeouts: number
  views: number
  opened: number
  aborted: number
  /** Calls that the caller had to make again, since the sandbox gave up after its own attempts. */
  refused: number
  inFlight: number
  violations: string[]
}

const KEPT_VIOLATIONS = 50

export function newTally(): Tally {
  return {
    lost: 0,
    wrong: 0,
    hung: 0,
    starved: 0,
    calls: 0,
    images: 0,
    errors: 0,
    timeouts: 0,
    views: 0,
    opened: 0,
    aborted: 0,
    refused: 0,
    inFlight: 0,
    violations: [],
  }
}

/** Count what must not happen, and keep the first of them in words. */
export function violate(tally: Tally, kind: 'lost' | 'wrong' | 'hung' | 'starved', what: string): void {
  tally[kind] += 1
  if (tally.violations.length < KEPT_VIOLATIONS) tally.violations.push(`${kind}: ${what}`)
}
