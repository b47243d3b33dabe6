import type { CommandModule } from 'yargs'
import type { RewardConfig } from '../config/reward-schema.js'
import { UsageError } from '../core/errors.js'
import type { ScoringProfile } from '../evaluation/score-answer.js'
import { EXIT } from './report-failure.js'

interface ScoreArguments {
  run: string[]
  profile: ScoringProfile | undefined
  judge: string | undefined
  reward: RewardConfig['variant'] | undefined
  'reward-config': string | undefined
  analysis: RewardConfig['analysis'] | undefined
  without: string[] | undefined
  disagreements: boolean
}

const REWARDS = 'Rewards:'

export const scoreCommand: CommandModule<object, ScoreArguments> = {
  command: 'score <run..>',
  describe: 'Score recorded answers, or reward recorded rollouts, without generating anything',
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('profile', { choices: ['codevision', 'strict'] as const, describe: 'How answers are scored' })
      .option('judge', {
        type: 'string',
        describe: 'none, or the model that judges what rules cannot decide (JUDGE_BASE_URL)',
      })
      .option('reward', {
        choices: ['release', 'paper', 'beneficial'] as const,
        describe: 'Reward the rollouts instead (docs/rewards.md)',
        group: REWARDS,
      })
      .option('reward-config', {
        type: 'string',
        describe: 'The same, as the reward: block of a YAML file says',
        group: REWARDS,
      })
      .option('analysis', {
        choices: ['static', 'observed'] as const,
        describe: 'What a call did: as its text says, or as the sandbox saw it [default: of the variant]',
        group: REWARDS,
      })
      .option('without', {
        choices: ['strategy', 'penalty', 'exact', 'suggested', 'format'],
        array: true,
        describe: 'Terms to leave out of the total',
        group: REWARDS,
      })
      .option('disagreements', {
        type: 'boolean',
        default: false,
        describe: 'Also where static and observed disagree (starts a sandbox; with static always)',
        group: REWARDS,
      })
      .conflicts('profile', ['reward', 'reward-config', 'analysis', 'without'])
      .conflicts('judge', ['reward', 'reward-config'])
      .conflicts('reward', 'reward-config')
      .example('$0 score runs/mine --profile strict --judge none', 'Equality with an accepted answer alone')
      .example(
        '$0 score runs/mine --profile codevision --judge Qwen/Qwen2.5-72B-Instruct',
        "The released recipe's check, then a judge",
      )
      .example('$0 score runs/mine --reward paper --without penalty', "The paper's reward, ablated"),
  handler: async (given) => {
    const isComplete = await scored(given)
    process.exitCode = isComplete ? EXIT.complete : EXIT.failed
  },
}

async function scored({ run, profile, judge, ...given }: ScoreArguments): Promise<boolean> {
  if (profile !== undefined) {
    const { scoreRuns } = await import('./score-runs.js')
    return scoreRuns({ paths: run, profile, judge })
  }
  const { reward, analysis, without, disagreements } = given
  const file = given['reward-config']
  if (reward === undefined && file === undefined)
    throw new UsageError(
      'Say what to score: the answers (--profile codevision or strict), or the rollouts (--reward release, paper or beneficial, or --reward-config FILE.yaml).',
    )
  const { loadRewardConfig, parseReward } = await import('../config/reward-config.js')
  const { rewardRuns } = await import('./reward-runs.js')
  const overrides = { ...(analysis && { analysis }), ...(without && { without }) }
  const parameters =
    file === undefined
      ? parseReward({ variant: reward, ...overrides }, { where: 'command line' })
      : await loadRewardConfig(file, { overrides })
  return rewardRuns({ paths: run, reward: parameters, disagreements })
}
