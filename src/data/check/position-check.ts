import { createHash } from 'node:crypto'
import { letterAt } from '../layouts/choices.js'
import type { Check } from './check.js'
import { goldOption } from './gold-option.js'
import { goldPositions, type GoldPositions } from './gold-positions.js'

/** Below it the places of right options are taken for biased: of a thousand data sets without bias, one is suspected. */
export const SUSPICIOUS_P = 0.001

interface Source {
  /** What was named to be checked. */
  name: string
  observed: Map<string, { options: number; place: number }>
}

/**
 * The right option stands at every place equally often, in each source. A question that comes several times with its options in the same order (its orientations) counts once.
 */
export function positionCheck({
  onPositions = () => undefined,
}: {
  /** Told of every test at the end, suspicious or not. */
  onPositions?: (source: string, positions: readonly GoldPositions[]) => void
} = {}): Check {
  const sources = new Map<string, Source>()
  return {
    row({ place: { where, file }, source, task }) {
      const place = goldOption(task)
      const { options = [], cluster, question } = task
      if (place === null) return []
      const known = sources.get(source) ?? { name: file, observed: new Map() }
      sources.set(source, known)
      const same = cluster === undefined ? [where] : [cluster, question, options, place]
      const key = createHash('sha256').update(JSON.stringify(same)).digest('base64')
      known.observed.set(key, { options: options.length, place })
      return []
    },
    end: () =>
      [...sources].flatMap(([source, { name, observed }]) => {
        const positions = goldPositions(observed.values())
        if (positions.length > 0) onPositions(source, positions)
        return positions
          .filter(({ p }) => p < SUSPICIOUS_P)
          .map((biased) => ({
            check: 'position' as const,
            file: name,
            row: null,
            where: source,
            what: `places of the right one of ${biased.options} options`,
            expected: `each equally often (p ≥ ${SUSPICIOUS_P})`,
            got: describe(biased),
          }))
      }),
  }
}

function describe({ counts, test, p }: GoldPositions): string {
  const places = counts.map((count, at) => `${letterAt(at)} ${count}`).join(', ')
  return `${places}; p = ${p.toPrecision(2)} (${test})`
}
