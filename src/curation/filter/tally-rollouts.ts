import { resolve } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { endingOf, INFRASTRUCTURE_OUTCOMES, type Sample } from '../../core/sample.js'
import { openScoredRun, type ScoredRun } from '../../evaluation/scored-run.js'
import { observedAnalysis } from '../../reward/analysis/observed-analysis.js'

/** What the rollouts of one row came to. */
export interface RolloutTally {
  /** Rollouts that were asked for: the epochs of the runs that know the row. */
  expected: number
  /** Those that were scored, and those of them whose answer was right. */
  n: number
  correct: number
  /** Those that failed for reasons of the infrastructure. */
  failed: number
  /** The row's own data made a rollout impossible. */
  isUnusable: boolean
  /** Of the scored ones together: assistant turns, and calls. */
  turns: number
  calls: number
  /** Of the scored ones, how many used each tool in a call that left an image, as the pixels bear out. */
  tools: Map<string, number>
}

/** A run that the pass rates come from. */
export interface RolloutSource {
  /** As it was named. */
  path: string
  policy: { name: string; model: string }
  scoring: string
  judge: string
  epochs: number
}

/**
 * Count the rollouts of finished (or unfinished) runs by row; samples of other rows are passed over. Runs are streamed.
 * @param profile scoring that `codevision score` gave the runs; null: their own.
 * @throws UsageError where a folder holds no run, is named twice, was not scored so, or where no run knows any of the rows.
 */
export async function tallyRollouts({
  runs: paths,
  keys,
  profile = null,
}: {
  runs: readonly string[]
  keys: ReadonlySet<string>
  profile?: string | null
}): Promise<{ tallies: ReadonlyMap<string, RolloutTally>; runs: readonly RolloutSource[] }> {
  const twice = paths.find((path, at) => paths.findIndex((other) => resolve(other) === resolve(path)) !== at)
  if (twice !== undefined) throw new UsageError(`--run: ${twice} is named twice; its rollouts count once`)
  const tallies = new Map<string, RolloutTally>()
  const runs: RolloutSource[] = []
  for (const path of paths) {
    const run = await openScoredRun({ path, profile })
    const { policy, scoring, judge, epochs } = run.head
    runs.push({ path, policy: { name: policy.name, model: policy.model }, scoring, judge, epochs })
    await addRun({ run, keys, tallies })
  }
  if (paths.length > 0 && tallies.size === 0)
    throw new UsageError(
      `No row has a rollout in ${paths.join(', ')}. Name the files that the run was made of, and the same --transform, --none, --limit and --seed where rows were given transformations.`,
    )
  return { tallies, runs }
}

async function addRun({
  run: { head, samples },
  keys,
  tallies,
}: {
  run: ScoredRun
  keys: ReadonlySet<string>
  tallies: Map<string, RolloutTally>
}): Promise<void> {
  const known = new Set<string>()
  for await (const sample of samples()) {
    const key = sample.key.slice(0, sample.key.length - `#${sample.epoch}`.length)
    if (!keys.has(key)) continue
    const tally = tallies.get(key) ?? blankTally()
    tallies.set(key, tally)
    if (!known.has(key)) {
      known.add(key)
      tally.expected += head.epochs
    }
    addSample({ tally, sample })
  }
}

function addSample({ tally, sample }: { tally: RolloutTally; sample: Sample }): void {
  const ending = endingOf(sample)
  if (ending === 'unusable') {
    tally.isUnusable = true
    return
  }
  if (INFRASTRUCTURE_OUTCOMES.has(ending)) {
    tally.failed++
    return
  }
  const { trajectory } = sample
  tally.n++
  if (ending === 'correct') tally.correct++
  tally.turns += trajectory?.turns ?? 0
  tally.calls += trajectory?.calls.length ?? 0
  const used = (trajectory?.calls ?? []).flatMap(({ execution }) =>
    execution.status === 'ok' ? observedAnalysis(execution).transforms : [],
  )
  for (const tool of new Set(used)) tally.tools.set(tool, (tally.tools.get(tool) ?? 0) + 1)
}

function blankTally(): RolloutTally {
  return {
    expected: 0,
    n: 0,
    correct: 0,
    failed: 0,
    isUnusable: false,
    turns: 0,
    calls: 0,
    tools: new Map(),
  }
}
