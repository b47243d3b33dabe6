import type { CommandModule } from 'yargs'
import { judgeServer } from '../config/environment.js'
import { UsageError } from '../core/errors.js'
import { rescore } from '../evaluation/rescore.js'
import { SCORING_PROFILES, type ScoringProfile } from '../evaluation/score-answer.js'
import { renderTable } from '../evaluation/table.js'
import { loadJudge } from '../wiring.js'
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
        choices: SCORING_PROFILES,
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
  handler: async ({ run, profile, judge: named }) => {
    const judge = loadJudge(judgeOf(named))
    for (const path of run) {
      const summary = await rescore({ path, scoring: { profile, judge } })
      console.log(`${renderTable(summary)}\n\nWritten: ${path}/summary.${profile}.json\n`)
      if (!summary.isComplete) process.exitCode = EXIT.failed
    }
  },
}

function judgeOf(named: string | undefined): Parameters<typeof loadJudge>[0] {
  const model = named ?? judgeServer().model
  if (model === 'none') return 'none'
  if (model !== null) return { model, reading: 'exact' }
  throw new UsageError(
    'Say who judges the answers that the rules cannot decide: --judge none (they count as wrong), or --judge MODEL with JUDGE_BASE_URL.',
  )
}
