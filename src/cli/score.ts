import type { CommandModule } from 'yargs'
import type { RewardConfig } from '../config/reward-schema.js'
import { UsageError } from '../core/errors.js'
import { SCORING_PROFILES, type ScoringProfile } from '../core/scoring-profile.js'
import { JUDGE_OPTIONS, judgeOverrides, withJudgeOptions, type JudgeArguments } from './judge-options.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'
import { someOf } from './some-of.js'

interface ScoreArguments extends JudgeArguments {
  run: string[]
  profile: ScoringProfile | undefined
  prices: string | undefined
  reward: RewardConfig['variant'] | undefined
  'reward-config': string | undefined
  analysis: RewardConfig['analysis'] | undefined
  without: RewardConfig['without'][number][] | undefined
  disagreements: boolean | undefined
}

const REWARDS = 'Rewards:'
/** Rewards read the outcomes that the run recorded, so nothing that decides about answers goes with them. */
const OF_ANSWERS = ['profile', 'prices', ...JUDGE_OPTIONS]
const OF_REWARDS = ['reward', 'reward-config', 'analysis', 'without', 'disagreements']

export const scoreCommand: CommandModule<object, ScoreArguments> = {
  command: 'score <run..>',
  describe: 'Score recorded answers, or reward recorded rollouts, without generating anything',
  builder: (command) =>
    withJudgeOptions(
      command.positional('run', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Run folders',
      }),
    )
      .option('profile', {
        ...oneOf('--profile', SCORING_PROFILES),
        describe: 'How answers are scored; which of them a suite has: docs/scoring.md',
      })
      .option('prices', { type: 'string', describe: 'YAML file: prices of a million tokens, by model' })
      .option('reward', {
        ...oneOf('--reward', ['release', 'paper', 'beneficial']),
        describe: 'Reward the rollouts instead (docs/rewards.md)',
        group: REWARDS,
      })
      .option('reward-config', {
        type: 'string',
        describe: 'The same, as the reward: block of a YAML file says',
        group: REWARDS,
      })
      .option('analysis', {
        ...oneOf('--analysis', ['static', 'observed']),
        describe: 'What a call did: as its text says, or as the sandbox saw it [default: of the variant]',
        group: REWARDS,
      })
      .option('without', {
        ...someOf('--without', ['strategy', 'penalty', 'exact', 'suggested', 'format']),
        describe: 'Terms to leave out of the total',
        group: REWARDS,
      })
      .option('disagreements', {
        type: 'boolean',
        describe: 'Also where static and observed disagree (starts a sandbox; with static always)',
        group: REWARDS,
      })
      .conflicts(Object.fromEntries(OF_ANSWERS.map((option) => [option, OF_REWARDS])))
      .conflicts('reward', 'reward-config')
      .example('$0 score runs/mine --profile strict --judge none', 'Equality with an accepted answer alone')
      .example(
        '$0 score runs/mine --profile codevision --judge Qwen/Qwen2.5-72B-Instruct',
        "The released recipe's check, then a judge",
      )
      .example('$0 score runs/ocrbench --profile official', "The benchmark's own rules; no judge")
      .example('$0 score runs/mine --reward paper --without penalty', "The paper's reward, ablated"),
  handler: async (given) => {
    const isComplete = await scored(given)
    process.exitCode = isComplete ? EXIT.complete : EXIT.failed
  },
}

async function scored(given: ScoreArguments): Promise<boolean> {
  const { run: paths, profile } = given
  if (profile !== undefined) {
    const { scoreRuns } = await import('./score-runs.js')
    return scoreRuns({ paths, profile, prices: given.prices, ...judgeOverrides(given) })
  }
  const { reward, analysis, without, disagreements = false } = given
  const file = given['reward-config']
  if (reward === undefined && file === undefined)
    throw new UsageError(
      `Say what to score: the answers (--profile ${SCORING_PROFILES.join(', ')}), or the rollouts (--reward release, paper or beneficial, or --reward-config FILE.yaml).`,
    )
  const { loadRewardConfig, parseReward } = await import('../config/reward-config.js')
  const { rewardRuns } = await import('./reward-runs.js')
  const overrides = { ...(analysis && { analysis }), ...(without && { without }) }
  const parameters =
    file === undefined
      ? parseReward({ variant: reward, ...overrides }, { where: 'command line' })
      : await loadRewardConfig(file, { overrides })
  return rewardRuns({ paths, reward: parameters, disagreements })
}
