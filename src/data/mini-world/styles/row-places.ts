import type { Random } from '../../demo/random.js'

/** Baselines of `count` rows between `top` and `bottom`, each as far off as `jitter` says. */
export function rowPlaces({
  random,
  count,
  top,
  bottom,
  cap,
  jitter,
}: {
  random: Random
  count: number
  top: number
  bottom: number
  /** Height of what stands in a row. */
  cap: number
  jitter: number
}): { pitch: number; baselines: number[] } {
  const pitch = (bottom - top) / count
  const room = Math.max(0, pitch - 2 * cap) * 0.3 * jitter
  const baselines = Array.from({ length: count }, (_, row) =>
    Math.round(top + pitch * (row + 0.5) + cap / 2 + (room * random.integer(-100, 100)) / 100),
  )
  return { pitch, baselines }
}
