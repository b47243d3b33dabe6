import type { ImageRecord } from '../../core/image.js'
import type { Message } from '../../core/message.js'
import type { Policy } from '../../core/policy.js'
import type { Run } from '../../store/run.js'
import type { CurationOptions } from '../plan/curation-options.js'
import type { PlannedSet } from '../plan/plan-set.js'
import { curationDigest, type CountTokens, type CurationDigest } from './digest.js'
import { summarizeCuration, type CurationSummary } from './summary.js'

/** Derive summary.json from the journal, and timings.json, which holds what may differ from run to run. */
export async function writeCurationSummary({
  run,
  set,
  options,
  policy,
  skeletonOf,
  countTokens,
}: {
  run: Run
  set: PlannedSet
  options: CurationOptions
  policy: Pick<Policy, 'name' | 'model' | 'account'>
  skeletonOf: (messages: readonly Message<ImageRecord>[]) => string
  countTokens: CountTokens | null
}): Promise<CurationSummary> {
  const digests: CurationDigest[] = []
  const timings = { totalMs: 0, modelMs: 0, sandboxMs: 0 }
  const suites = new Set<string>()
  for await (const sample of run.samples()) {
    digests.push(curationDigest({ sample, skeletonOf, countTokens }))
    suites.add(sample.suite)
    for (const name of ['totalMs', 'modelMs', 'sandboxMs'] as const) timings[name] += sample.timings[name]
  }
  digests.sort((a, b) => (a.key < b.key ? -1 : 1))
  const { name, model, account } = policy
  const summary = summarizeCuration({
    head: {
      suite: [...suites].sort().join('+'),
      teacher: { name, model },
      planned: set.items.length,
      seed: options.seed,
      rows: set.rows,
      unused: set.unused,
    },
    digests,
  })
  await run.writeJson('summary.json', summary)
  const usage = account && { model, ...account.tally, cost: account.costOf(account.tally) }
  await run.writeJson('timings.json', { ...timings, teacher: usage ?? null })
  return summary
}
