import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import type { MiniEngine } from '../experiments/mini/engines/mini-engine.js'
import { commandLine } from './command-line.js'
import { ENGINE_OPTION } from './engine-option.js'
import { numberOf } from './number-of.js'
import { EXIT } from './report-failure.js'
import { textOf } from './text-of.js'

interface TrainMiniArguments {
  config: string | undefined
  output: string
  seed: number | undefined
  stages: string[] | undefined
  from: string | undefined
  engine: MiniEngine
}

export const experimentTrainMiniCommand: CommandModule<object, TrainMiniArguments> = {
  command: 'train-mini [config]',
  describe:
    'Train the small models of experiment mini from nothing: base, SFT, GRPO; given again, it goes on',
  builder: (command) =>
    command
      .positional('config', {
        ...textOf('config', 'a recipe (.yaml)'),
        describe: 'A recipe [default: configs/mini/recipe.yaml]',
      })
      .option('output', {
        ...textOf('--output', 'a folder'),
        default: 'runs/mini',
        describe: 'Folder of the whole experiment: one for each stage, checkpoints, evaluation',
      })
      .option('seed', {
        ...numberOf('--seed'),
        describe: 'Varies weights, data and sampling of every stage [default: seeds of the configurations]',
      })
      .option('stages', { type: 'string', array: true, describe: 'Only these stages of the recipe' })
      .option('from', {
        ...textOf('--from', 'the folder of a checkpoint'),
        describe:
          'Checkpoint that the first of the stages begins with, instead of what the one before it left',
      })
      .option('engine', ENGINE_OPTION)
      .example('$0 experiment train-mini --output runs/mini', 'The whole recipe')
      .example('$0 experiment train-mini --output runs/mini-7 --seed 7', 'The same with another seed')
      .example(
        '$0 experiment train-mini --stages sft --from checkpoints/mini/base --output runs/mini-sft',
        'One stage from a given checkpoint',
      ),
  handler: async ({ config, output, seed, stages, from, engine }) => {
    if (seed !== undefined && !Number.isSafeInteger(seed))
      throw new UsageError(`--seed: expected a whole number, got ${seed}`)
    const { join } = await import('node:path')
    const { packageDirectory } = await import('../setup/package-paths.js')
    const { trainMiniRecipe } = await import('./train-mini-recipe.js')
    const status = await trainMiniRecipe({
      path: config ?? join(packageDirectory(), 'configs', 'mini', 'recipe.yaml'),
      output,
      seed: seed ?? null,
      stages: stages ?? null,
      from: from ?? null,
      engine,
      again: commandLine(process.argv.slice(2)),
    })
    process.exitCode = { complete: EXIT.complete, incomplete: EXIT.failed, interrupted: EXIT.interrupted }[
      status
    ]
  },
}
