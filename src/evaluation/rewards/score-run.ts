import type { RewardConfig } from '../../config/reward-schema.js'
import type { Outcome, Sample } from '../../core/sample.js'
import type { ToolAnalyzer } from '../../core/tool-analysis.js'
import type { ScoredGroup } from '../../reward/group.js'
import { observedSource } from '../../reward/observed-source.js'
import { rememberedAnalyzer } from '../../reward/remembered-analyzer.js'
import type { FinishedSample } from '../../reward/sample-groups.js'
import { scoreSamples } from '../../reward/score-samples.js'
import { staticSource } from '../../reward/static-source.js'
import { openRun } from '../../store/open-run.js'
import { headOf } from '../rescore.js'
import { rewardName } from './reward-name.js'
import { runDisagreements, type DisagreementLine } from './run-disagreements.js'
import { summarizeRewards, type RewardLine, type RewardSummary } from './summarize-rewards.js'

/** Samples whose calls are compared at once. */
const BATCH = 256

export interface ScoreRunParameters {
  /** The run folder. */
  path: string
  reward: RewardConfig
  /** Where it is given, calls are read from their text too, and compared with what was observed. Analysis `static` needs it. */
  analyzer: ToolAnalyzer | null
  /** Draws the summary, as SVG. */
  draw: (summary: RewardSummary) => Promise<string>
  signal?: AbortSignal
}

export interface ScoredRun {
  /** The files, without their endings: rewards/<name>. */
  files: string
  summary: RewardSummary
  /** Null where calls were not read from their text. */
  disagreements: { calls: number; lines: DisagreementLine[] } | null
}

/**
 * Reward the samples of a run, without running anything of it again. Writes rewards/<name>.jsonl (a line a sample, by key), .json (means) and .svg, and
 * rewards/disagreements.jsonl; samples.jsonl stays as it is.
 * @throws UsageError where there is no run, or its samples do not belong together; StoreError where it is being written or damaged; SandboxError, AbortError.
 */
export async function scoreRun({
  path,
  reward,
  analyzer,
  draw,
  signal,
}: ScoreRunParameters): Promise<ScoredRun> {
  const run = await openRun({ path, mode: 'derive' })
  try {
    const head = headOf(run)
    const abort = signal && { signal }
    const reader = analyzer === null ? null : rememberedAnalyzer(analyzer)
    const unreadTexts: Record<string, number> = {}
    const source =
      reward.analysis === 'static' && reader !== null
        ? staticSource({
            analyzer: reader,
            onProblem: ({ kind }) => (unreadTexts[kind] = (unreadTexts[kind] ?? 0) + 1),
            ...abort,
          })
        : observedSource
    const outcomes = new Map<string, Outcome>()
    const { groups, excluded } = await scoreSamples({
      samples: run.samples(),
      source,
      parameters: reward,
      onSample: ({ key, outcome }) => outcomes.set(key, outcome),
    })
    const lines = linesOf(groups, outcomes)
    const summary = summarizeRewards({ head, reward, lines, groups, excluded, unreadTexts })
    const disagreements =
      reader === null ? null : await compareRun({ samples: run.samples(), analyzer: reader, ...abort })
    const files = `rewards/${rewardName(reward)}`
    const figure = await draw(summary)
    await run.writeLines(`${files}.jsonl`, lines)
    await run.writeJson(`${files}.json`, summary)
    await run.writeText(`${files}.svg`, figure)
    if (disagreements !== null) await run.writeLines('rewards/disagreements.jsonl', disagreements.lines)
    return { files, summary, disagreements }
  } finally {
    await run.close()
  }
}

function linesOf(groups: readonly ScoredGroup[], outcomes: ReadonlyMap<string, Outcome>): RewardLine[] {
  return groups
    .flatMap((group) =>
      group.rollouts.map(({ key, reward }) => ({
        key,
        group: group.key,
        outcome: outcomes.get(key) as Outcome,
        ...reward,
      })),
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

async function compareRun({
  samples,
  analyzer,
  signal,
}: {
  samples: AsyncIterable<Sample>
  analyzer: ToolAnalyzer
  signal?: AbortSignal
}): Promise<{ calls: number; lines: DisagreementLine[] }> {
  const found: { calls: number; lines: DisagreementLine[] } = { calls: 0, lines: [] }
  let batch: FinishedSample[] = []
  const compareBatch = async (): Promise<void> => {
    const { calls, lines } = await runDisagreements({ samples: batch, analyzer, ...(signal && { signal }) })
    found.calls += calls
    found.lines.push(...lines)
    batch = []
  }
  for await (const sample of samples) {
    const { trajectory } = sample
    if (trajectory !== null && batch.push({ ...sample, trajectory }) >= BATCH) await compareBatch()
  }
  await compareBatch()
  return found
}
