import { join } from 'node:path'
import type { CommandModule } from 'yargs'
import { MINI_STAGES, type MiniStage } from '../experiments/mini/mini-stages.js'
import { EXIT } from './report-failure.js'
import { runName } from './run-name.js'
import { someOf } from './some-of.js'

interface MiniArguments {
  rows: number
  seed: string
  stages: MiniStage[]
  checkpoints: string | undefined
  output: string
  json: string | undefined
}

export const experimentMiniCommand: CommandModule<object, MiniArguments> = {
  command: 'mini',
  describe: 'Evaluate the small models that this project trained from nothing: base, SFT and RL',
  builder: (command) =>
    command
      .option('rows', {
        type: 'number',
        default: 1200,
        describe: 'Tasks, drawn anew; shared out among the six orientations',
      })
      .option('seed', { type: 'string', default: 'evaluation', describe: 'Of the tasks' })
      .option('stages', {
        ...someOf('--stages', MINI_STAGES),
        default: [...MINI_STAGES],
        describe: 'Which models',
      })
      .option('checkpoints', {
        type: 'string',
        describe: 'Folder with a checkpoint of each stage [default: those that are shipped]',
      })
      .option('output', { type: 'string', default: 'runs', describe: 'Folder that holds the runs' })
      .option('json', { type: 'string', describe: 'File to write the figures to' })
      .example(
        '$0 experiment mini --rows 1200 --seed 7 --json mini.json',
        'Accuracy, interval, turns and failed calls of each stage and orientation',
      ),
  handler: async (given) => {
    const { writeFile } = await import('node:fs/promises')
    const { runMiniExperiment } = await import('./run-mini-experiment.js')
    const { stagesTable } = await import('../experiments/mini/stages-table.js')
    const { rows, seed, stages, checkpoints, json } = given
    const folder = join(given.output, runName({ suite: 'experiment', policy: 'mini' }))
    const result = await runMiniExperiment({ rows, seed, stages, checkpoints, folder })
    if (result.status !== 'complete') {
      process.exitCode = result.status === 'interrupted' ? EXIT.interrupted : EXIT.failed
      return
    }
    console.log(stagesTable(result.figures))
    if (json !== undefined) await writeFile(json, `${JSON.stringify(result.figures, null, 2)}\n`)
  },
}
