import type { CommandModule } from 'yargs'
import type { ScoringProfile } from '../evaluation/score-answer.js'
import { judgeOverrides, withJudgeOptions, type JudgeArguments } from './judge-options.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'

interface ScoreArguments extends JudgeArguments {
  run: string[]
  profile: ScoringProfile
}

export const scoreCommand: CommandModule<object, ScoreArguments> = {
  command: 'score <run..>',
  describe: 'Score recorded answers anew, without generating anything',
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
        ...oneOf('--profile', ['codevision', 'strict']),
        demandOption: true,
        describe: 'How answers are scored',
      })
      .example('$0 score runs/mine --profile strict --judge none', 'Equality with an accepted answer alone')
      .example(
        '$0 score runs/mine --profile codevision --judge Qwen/Qwen2.5-72B-Instruct',
        "The released recipe's check, then a judge",
      ),
  handler: async (given) => {
    const { scoreRuns } = await import('./score-runs.js')
    const { run: paths, profile } = given
    const isComplete = await scoreRuns({ paths, profile, ...judgeOverrides(given) })
    process.exitCode = isComplete ? EXIT.complete : EXIT.failed
  },
}
