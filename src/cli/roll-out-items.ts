import type { EvaluationConfig, EvaluationOverrides } from '../config/evaluation-config.js'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { UsageError } from '../core/errors.js'
import type { PassBounds } from '../curation/filter/pass-bounds.js'
import type { Suite } from '../data/load-suite.js'
import type { EvaluationResult } from '../evaluation/run/run-evaluation.js'
import { evaluateConfig } from './evaluate-config.js'

/** Of the paper: several rollouts an item are drawn, so the policy must draw (section 4), and as a training samples, which cuts nothing off; what stands beside a checkpoint may be greedy. */
const TEMPERATURE = 1
const UNCUT = { topP: 1, topK: 0 } as const

/**
 * The configuration of the rollouts that pass rates are measured by: that of an evaluation, whose rows are the filter's own.
 * @param parameters.path YAML file, or null
 * @throws UsageError as {@link loadEvaluationConfig}, and where the file chooses rows.
 */
export async function rolloutConfig({
  path,
  overrides,
  sources,
  rollouts,
}: {
  path: string | null
  overrides: EvaluationOverrides
  sources: readonly string[]
  rollouts: number
}): Promise<EvaluationConfig> {
  if (!Number.isInteger(rollouts) || rollouts < 1)
    throw new UsageError(`--rollouts: expected a whole number from 1 on, got ${rollouts}`)
  const config = await loadEvaluationConfig({
    path,
    overrides: { ...overrides, data: sources.join(', '), epochs: rollouts },
  })
  const { limit, sampleIds, shard, transforms } = config
  const chosen = Object.entries({ limit, sampleIds, shard, transforms }).find(
    ([, value]) => (value ?? null) !== null,
  )
  if (chosen !== undefined)
    throw new UsageError(
      `${path}: \`${chosen[0]}\` chooses rows, and so does the filter; leave it out (docs/rl-data.md)`,
    )
  return { ...config, policy: drawing(config.policy) }
}

function drawing(policy: EvaluationConfig['policy']): EvaluationConfig['policy'] {
  switch (policy.kind) {
    case 'openai':
      return { ...policy, temperature: policy.temperature ?? TEMPERATURE }
    case 'tfjs':
    case 'torch': {
      const { temperature = TEMPERATURE, topP = UNCUT.topP, topK = UNCUT.topK } = policy
      return { ...policy, temperature, topP, topK }
    }
    case 'tesseract':
    case 'replay':
      return policy
  }
}

/**
 * Whether the rollouts of a row can differ, as its pass rate needs.
 * @returns what the user should know before hours are spent; null: nothing
 * @throws UsageError where no row could be kept, whatever the rollouts are.
 */
export function checkDraws({
  config: { policy, epochs },
  keep,
}: {
  config: EvaluationConfig
  keep: PassBounds
}): string | null {
  const isFixed = policy.kind === 'tesseract'
  if (keep.kind === 'mixed' && (isFixed || epochs === 1)) {
    const why = isFixed ? 'the policy tesseract does the same each time' : 'there is one rollout a row'
    throw new UsageError(
      `--keep mixed: no row would be kept, since ${why}, so that each is all right or all wrong. Name a model (--model) and more --rollouts, or the pass rates to keep, such as --keep 0-0 for rows that are never solved.`,
    )
  }
  if (epochs === 1) return null
  if (isFixed) return `The policy tesseract does the same each time: --rollouts 1 says as much as ${epochs}.`
  if ('temperature' in policy && policy.temperature === 0)
    return `At temperature 0 ${policy.model} does nearly the same each time: most rows will be all right or all wrong.`
  return null
}

/** Roll out every item K times into a run folder, with progress on stderr and the table of accuracies on stdout. */
export function rollOutItems({
  config,
  suite,
  path,
  isResumed,
  resumeCommand,
}: {
  config: EvaluationConfig
  suite: Suite
  path: string
  isResumed: boolean
  resumeCommand: string
}): Promise<EvaluationResult> {
  return evaluateConfig({
    config,
    rows: suite,
    run: { path, mode: isResumed ? 'resume' : 'create' },
    resumeCommand,
  })
}
