import type { EvaluationConfig, EvaluationOverrides } from '../config/evaluation-config.js'
import { loadEvaluationConfig } from '../config/evaluation-config.js'
import { UsageError } from '../core/errors.js'
import type { Suite } from '../data/load-suite.js'
import type { EvaluationResult } from '../evaluation/run/run-evaluation.js'
import { evaluateConfig } from './evaluate-config.js'

/** Of the paper: several rollouts an item are drawn, so the policy must draw (section 4). */
const TEMPERATURE = 1

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
  const { policy } = config
  if (policy.kind !== 'openai') return config
  return { ...config, policy: { ...policy, temperature: policy.temperature ?? TEMPERATURE } }
}

/** What the user should know of a policy before hours are spent; null: nothing. */
export function warningOf({ policy, epochs }: EvaluationConfig): string | null {
  if (epochs === 1) return null
  const isFixed = policy.kind === 'tesseract' || (policy.kind === 'openai' && policy.temperature === 0)
  if (!isFixed) return null
  const who = policy.kind === 'tesseract' ? 'The policy tesseract' : `${policy.model} at temperature 0`
  return `${who} does the same each time: every row will be all right or all wrong, and --rollouts 1 says as much.`
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
