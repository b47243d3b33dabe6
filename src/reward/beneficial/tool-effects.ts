import { byCodePoints } from '../../core/code-point-order.js'

/** A rollout as the measurement of effects sees it. */
export interface ToolUse {
  tools: ReadonlySet<string>
  correct: boolean
}

/** Tools that the group used in exactly the same rollouts: their effects cannot be told apart, so they count as one. */
export interface ToolBundle {
  tools: string[]
  /** Of each rollout, in order. */
  used: boolean[]
  strata: Stratum[]
  /** For each rollout the index of its stratum. */
  stratumOf: number[]
}

/** Rollouts that used the same other tools. */
export interface Stratum {
  having: number
  havingCorrect: number
  lacking: number
  lackingCorrect: number
}

/** What a bundle changed, seen by the rollouts of the group (or all but one of them). */
export interface ToolEffect {
  /** Mantel–Haenszel difference of success, in [-1, 1]. */
  difference: number
  /** Weight of the comparison: Σ having · lacking / (having + lacking) over the strata. */
  weight: number
  /** Standard error of the difference if the bundle had no effect. */
  error: number
}

/** The bundles of a group, sorted by their names, with what is needed to measure each with any one rollout left out. */
export function toolBundles(rollouts: readonly ToolUse[]): ToolBundle[] {
  const names = [...new Set(rollouts.flatMap(({ tools }) => [...tools]))].sort(byCodePoints)
  const byUse = new Map<string, string[]>()
  for (const name of names) {
    const use = rollouts.map(({ tools }) => (tools.has(name) ? '1' : '0')).join('')
    byUse.set(use, [...(byUse.get(use) ?? []), name])
  }
  const columns = [...byUse].map(([use, tools]) => ({ use, tools }))
  // One bit a bundle: what a rollout used besides a bundle is its bits without that bundle's.
  const masks = rollouts.map((_, row) =>
    columns.reduce((mask, { use }, bit) => (use[row] === '1' ? mask | (1n << BigInt(bit)) : mask), 0n),
  )
  return columns.map(({ use, tools }, bit) => {
    const rest = masks.map((mask) => mask & ~(1n << BigInt(bit)))
    const keys = [...new Set(rest)].sort((a, b) => (a < b ? -1 : 1))
    const indexOf = new Map(keys.map((key, index) => [key, index]))
    const strata = keys.map(() => ({ having: 0, havingCorrect: 0, lacking: 0, lackingCorrect: 0 }))
    const stratumOf = rest.map((key) => indexOf.get(key) ?? 0)
    rollouts.forEach(({ correct }, row) => {
      const stratum = strata[stratumOf[row] ?? 0]
      if (stratum !== undefined) add(stratum, { used: use[row] === '1', correct, times: 1 })
    })
    return { tools, used: Array.from(use, (mark) => mark === '1'), strata, stratumOf }
  })
}

/** Effect of a bundle; `leaveOut` is the rollout whose credit is asked for, which may not speak for itself. Null where nothing can be compared. */
export function toolEffect({
  bundle: { strata, stratumOf, used },
  leaveOut,
}: {
  bundle: ToolBundle
  leaveOut: { index: number; correct: boolean } | null
}): ToolEffect | null {
  let [weight, sum, variance] = [0, 0, 0]
  for (const [index, whole] of strata.entries()) {
    const stratum = { ...whole }
    if (leaveOut !== null && stratumOf[leaveOut.index] === index) {
      add(stratum, { used: used[leaveOut.index] === true, correct: leaveOut.correct, times: -1 })
    }
    const { having, havingCorrect, lacking, lackingCorrect } = stratum
    if (having === 0 || lacking === 0) continue
    const all = having + lacking
    const success = (havingCorrect + lackingCorrect) / all
    weight += (having * lacking) / all
    sum += (havingCorrect * lacking - lackingCorrect * having) / all
    variance += ((having * lacking) / all) * success * (1 - success)
  }
  if (weight === 0) return null
  return { difference: sum / weight, weight, error: Math.sqrt(variance) / weight }
}

function add(
  stratum: Stratum,
  { used, correct, times }: { used: boolean; correct: boolean; times: 1 | -1 },
): void {
  if (used) {
    stratum.having += times
    if (correct) stratum.havingCorrect += times
  } else {
    stratum.lacking += times
    if (correct) stratum.lackingCorrect += times
  }
}
