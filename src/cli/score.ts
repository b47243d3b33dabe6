import type { CommandModule } from 'yargs'
import type { ScoringProfile } from '../evaluation/score-answer.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'

interface ScoreArguments {
  run: string[]
  profile: ScoringProfile
  judge: string | undefined
}

export const scoreCommand: CommandModule<object, ScoreArguments> = {
  command: 'score <run..>',
  describe: 'Score recorded answers anew, without generating anything',
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('profile', {
        ...oneOf('--profile', ['codevision', 'strict']),
        demandOption: true,
        describe: 'How answers are scored',
      })
      .option('judge', {
        type: 'string',
        describe: 'none, or the model that judges what rules cannot decide (JUDGE_BASE_URL)',
      })
      .example('$0 score runs/mine --profile strict --judge none', 'Equality with an accepted answer alone')
      .example(
        '$0 score runs/mine --profile codevision --judge Qwen/Qwen2.5-72B-Instruct',
        "The released recipe's check, then a judge",
      ),
  handler: async ({ run, profile, judge }) => {
    const { scoreRuns } = await import('./score-runs.js')
    const isComplete = await scoreRuns({ paths: run, profile, judge })
    process.exitCode = isComplete ? EXIT.complete : EXIT.failed
  },
}
