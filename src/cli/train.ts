import type { CommandModule } from 'yargs'
import type { TrainingResult } from '../training/loop/train-loop.js'
import { UsageError } from '../core/errors.js'
import { numberOf } from './number-of.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'
import { textOf } from './text-of.js'

const METHODS = ['sft', 'grpo'] as const

export interface TrainArguments {
  method: (typeof METHODS)[number]
  config: string
  resume: boolean
  steps: number | undefined
  model: string | undefined
  data: string | undefined
  name: string | undefined
  output: string | undefined
  seed: number | undefined
}

export const trainCommand: CommandModule<object, TrainArguments> = {
  command: 'train <method> <config>',
  describe: 'Train a policy: on conversations (sft), or by rewards of its own rollouts (grpo)',
  builder: (command) =>
    command
      .positional('method', { ...oneOf('method', METHODS), demandOption: true, describe: 'How it learns' })
      .positional('config', {
        ...textOf('config', 'a configuration (.yaml)'),
        demandOption: true,
        describe: 'A configuration (.yaml)',
      })
      .option('resume', {
        type: 'boolean',
        default: false,
        describe: 'Go on from the newest checkpoint of the run of this name',
      })
      .option('steps', {
        ...numberOf('--steps'),
        describe:
          'Stop after this step, with a checkpoint; the learning rate goes on as if it did not end there',
      })
      .option('model', {
        ...textOf('--model', 'the folder of a checkpoint'),
        describe: 'Checkpoint to begin with, instead of that of the configuration',
      })
      .option('data', {
        ...textOf('--data', 'a file or folder'),
        describe: 'What to learn from, instead of that of the configuration',
      })
      .option('name', {
        ...textOf('--name', 'a name'),
        describe: "Name of the run [default: that of the configuration's file]",
      })
      .option('output', {
        ...textOf('--output', 'a folder'),
        describe: 'Folder that holds the runs [default: runs]',
      })
      .option('seed', {
        ...numberOf('--seed'),
        describe: 'Seed of the order of the data and of what is sampled',
      })
      .example(
        '$0 train sft configs/train/sft-paper.yaml --model models/base --data runs/curated',
        'The cold start',
      )
      .example(
        '$0 train grpo configs/train/grpo-paper.yaml --model runs/sft/checkpoints/step-000080/policy',
        'Then RL',
      )
      .example('$0 train grpo configs/train/grpo-paper.yaml --resume', 'Go on after an interruption'),
  handler: async (given) => {
    if (given.steps !== undefined && !(Number.isInteger(given.steps) && given.steps > 0))
      throw new UsageError(`--steps: expected a whole number from 1 on, got ${given.steps}`)
    const result = await train(given)
    process.exitCode = result.status === 'interrupted' ? EXIT.interrupted : EXIT.complete
  },
}

async function train(given: TrainArguments): Promise<TrainingResult> {
  switch (given.method) {
    case 'sft': {
      const { trainSftConfig } = await import('./train-sft.js')
      return trainSftConfig(given)
    }
    case 'grpo': {
      const { trainGrpoCommand } = await import('./train-grpo.js')
      return trainGrpoCommand(given)
    }
  }
}
