import type { Outcome, Sample } from '../../core/sample.js'
import type { RunReader } from '../../store/run.js'

/**
 * Samples of a run that belong to its training data: of a curated run those that were kept, of an evaluation those that ended in one of the outcomes.
 * @param parameters.onLeftOut gets why one is not among them, by a short name: its outcome, or why curation dropped it
 */
export async function* selectedSamples({
  run,
  outcomes,
  onLeftOut,
}: {
  run: Pick<RunReader, 'samples'>
  outcomes: readonly Outcome[]
  onLeftOut: (reason: string) => void
}): AsyncGenerator<Sample> {
  for await (const sample of run.samples()) {
    const reason = leftOut({ sample, outcomes })
    if (reason === null) yield sample
    else onLeftOut(reason)
  }
}

function leftOut({
  sample: { curation, outcome },
  outcomes,
}: {
  sample: Sample
  outcomes: readonly Outcome[]
}): string | null {
  if (curation !== undefined) return curation.kept ? null : (curation.dropped?.reason ?? 'dropped')
  return outcomes.includes(outcome) ? null : outcome
}
