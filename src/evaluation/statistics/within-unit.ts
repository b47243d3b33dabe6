import type { Interval } from './wilson.js'

/** The interval of something that lies in [0, 1], cut to it. */
export function withinUnit(interval: Interval | null): Interval | null {
  return interval && [Math.max(0, interval[0]), Math.min(1, interval[1])]
}
