import { readSampleAt, type JournalIndex, type JournalPlace } from './journal.js'
import { isSameSample } from './same-sample.js'

/** The journal of one of several runs. */
export interface Source {
  journal: string
  index: JournalIndex
}

/** A sample that counts, and where it stands. */
export interface Chosen {
  source: Source
  place: JournalPlace
}

/**
 * Of several journals, the line that counts for each sample: a finished one before a failed one, a failed one whose rollout ended before one whose
 * did not, else that of the earlier journal. In the order of the journals, and of the lines in them.
 * @returns besides, the keys of samples that two journals finished differently.
 */
export async function chooseSamples(
  sources: readonly Source[],
): Promise<{ chosen: Chosen[]; conflicts: string[] }> {
  const byKey = new Map<string, Chosen>()
  const conflicts: string[] = []
  for (const source of sources) {
    for (const [key, place] of source.index) {
      const known = byKey.get(key)
      if (known === undefined || rank(place) > rank(known.place)) byKey.set(key, { source, place })
      else if (place.state.isSettled && !(await areSame(known, { source, place }))) conflicts.push(key)
    }
  }
  const order = new Map(sources.map((source, index) => [source, index]))
  const chosen = [...byKey.values()].sort(
    (a, b) => (order.get(a.source) ?? 0) - (order.get(b.source) ?? 0) || a.place.offset - b.place.offset,
  )
  return { chosen, conflicts: [...new Set(conflicts)] }
}

function rank({ state: { isSettled, hasTrajectory } }: JournalPlace): number {
  return isSettled ? 2 : Number(hasTrajectory)
}

async function areSame(a: Chosen, b: Chosen): Promise<boolean> {
  const [first, second] = await Promise.all(
    [a, b].map(({ source, place }) => readSampleAt({ path: source.journal, place })),
  )
  return first !== undefined && second !== undefined && isSameSample(first, second)
}
