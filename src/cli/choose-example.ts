import type { Sample } from '../core/sample.js'

/** What makes a trajectory worth looking at, the best first; of equals the first one is taken. */
const WISHES: readonly ((sample: Sample) => boolean)[] = [
  (sample) => isRight(sample) && hasRecovered(sample),
  (sample) => isRight(sample) && callsOf(sample) > 1,
  (sample) => isRight(sample) && callsOf(sample) > 0,
  (sample) => callsOf(sample) > 0,
]

/** Of a run, the sample that shows best what a policy does: one with a call that failed, a later one that did not and the right answer, or else one with many calls; null where none has written code. */
export async function chooseExample(samples: AsyncIterable<Sample>): Promise<Sample | null> {
  const found: (Sample | undefined)[] = []
  for await (const sample of samples) {
    const rank = WISHES.findIndex((wish) => wish(sample))
    if (rank >= 0) found[rank] ??= sample
    if (rank === 0) break
  }
  return found.find((sample) => sample !== undefined) ?? null
}

function isRight({ outcome }: Sample): boolean {
  return outcome === 'correct'
}

function callsOf({ trajectory }: Sample): number {
  return trajectory?.calls.length ?? 0
}

function hasRecovered({ trajectory }: Sample): boolean {
  const statuses = trajectory?.calls.map(({ execution }) => execution.status) ?? []
  const failed = statuses.indexOf('error')
  return failed >= 0 && statuses.indexOf('ok', failed) > failed
}
