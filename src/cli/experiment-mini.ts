import { join } from 'node:path'
import type { CommandModule } from 'yargs'
import { MINI_STAGES, type MiniStage } from '../experiments/mini/mini-stages.js'
import type { MiniEngine } from '../experiments/mini/engines/mini-engine.js'
import { commandLine } from './command-line.js'
import { ENGINE_OPTION } from './engine-option.js'
import { EXIT } from './report-failure.js'
import { runName } from './run-name.js'
import { numberOf } from './number-of.js'
import { someOf } from './some-of.js'
import { textOf } from './text-of.js'

interface MiniArguments {
  rows: number
  seed: string
  stages: MiniStage[] | undefined
  checkpoints: string | undefined
  output: string | undefined
  engine: MiniEngine
  slips: boolean
  json: string | undefined
}

export const experimentMiniCommand: CommandModule<object, MiniArguments> = {
  command: 'mini',
  describe: 'Evaluate the small models that this project trained from nothing: base, SFT and RL',
  builder: (command) =>
    command
      .option('rows', {
        ...numberOf('--rows'),
        default: 1200,
        describe: 'Tasks, drawn anew; shared out among the six orientations',
      })
      .option('seed', {
        ...textOf('--seed', 'a text that the tasks follow from'),
        default: 'evaluation',
        describe: 'Of the tasks',
      })
      .option('stages', {
        ...someOf('--stages', MINI_STAGES),
        defaultDescription: MINI_STAGES.join(' '),
        describe: 'Which models',
      })
      .option('checkpoints', {
        ...textOf('--checkpoints', 'a folder'),
        describe: 'Folder with a checkpoint of each stage [default: those that are shipped]',
      })
      .option('output', {
        ...textOf('--output', 'a folder'),
        describe:
          'Folder of rows and runs; one that is there is gone on with [default: a new one, runs/experiment-mini-…]',
      })
      .option('engine', ENGINE_OPTION)
      .option('slips', {
        type: 'boolean',
        default: false,
        describe:
          'The first call of each trajectory is spoilt before it runs: how models go on from an error',
      })
      .option('json', { ...textOf('--json', 'a file'), describe: 'File to write the figures to' })
      .example(
        '$0 experiment mini --rows 1200 --seed 7 --json mini.json',
        'Accuracy, interval, turns and failed calls of each stage and orientation',
      ),
  handler: async (given) => {
    const { openOutputFile } = await import('../store/output-file.js')
    const { runMiniExperiment } = await import('./run-mini-experiment.js')
    const { stagesTable } = await import('../experiments/mini/stages-table.js')
    const { rows, seed, stages = MINI_STAGES, checkpoints, output, engine, slips } = given
    const json =
      given.json === undefined ? null : await openOutputFile({ path: given.json, option: '--json' })
    const folder = output ?? join('runs', runName({ suite: 'experiment', policy: 'mini' }))
    const words = [...process.argv.slice(2), ...(output === undefined ? ['--output', folder] : [])]
    const again = commandLine(words)
    const result = await runMiniExperiment({ rows, seed, stages, checkpoints, folder, engine, slips, again })
    if (result.status !== 'complete') {
      process.exitCode = result.status === 'interrupted' ? EXIT.interrupted : EXIT.failed
      return
    }
    console.log(stagesTable(result.figures))
    await json?.write(`${JSON.stringify(result.figures, null, 2)}\n`)
  },
}
