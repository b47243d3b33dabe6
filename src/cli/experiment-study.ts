import type { CommandModule, Options } from 'yargs'
import { TRANSFORMS, type Transform } from '../core/transform.js'
import { STUDY_NAMES, type StudyName } from '../experiments/studies/study.js'
import { EXIT } from './report-failure.js'
import { numberOf } from './number-of.js'
import { numbersOf } from './numbers-of.js'
import { someOf } from './some-of.js'
import { textOf } from './text-of.js'

export interface StudyArguments {
  config: string | undefined
  seeds: number
  steps: number | undefined
  rows: number | undefined
  checkpoints: string | undefined
  output: string
  json: string | undefined
  /** Of the studies that have them. */
  'held-out'?: Transform[]
  beta1?: number[]
  beta2?: number[]
  'row-counts'?: number[]
  early?: string
}

const DESCRIBED: Readonly<Record<StudyName, string>> = {
  'reward-ablation': 'RL with the whole reward, without its strategy, and without its penalties',
  'cold-start': 'RL from the base model, without SFT',
  'emergent-tools': 'Tools that RL never asks for: how often they succeed before and after',
  'beta-sweep': 'RL under a grid of weights of strategy and penalty',
  scaling: 'RL with more steps, and with fewer questions',
  'beyond-transforms': 'What the models do with upright pictures: accuracy, superfluous calls, tokens',
}

/** What the options of {@link OWN_OPTIONS} are where they are not given. */
const OWN_DEFAULTS = {
  'held-out': ['rotate_90', 'flip_vertical'],
  beta1: [0, 1, 2],
  beta2: [0, 0.5, 1],
} satisfies Partial<StudyArguments>

/** What one study alone lets choose. */
const OWN_OPTIONS: Readonly<Partial<Record<StudyName, Record<string, Options>>>> = {
  'cold-start': {
    early: {
      ...textOf('--early', 'the folder of a checkpoint'),
      describe: 'Checkpoint after a few steps of SFT, which RL without SFT begins with instead of the base',
    },
  },
  'emergent-tools': {
    'held-out': {
      ...someOf(
        '--held-out',
        TRANSFORMS.filter((transform) => transform !== 'none'),
      ),
      defaultDescription: OWN_DEFAULTS['held-out'].join(' '),
      describe: 'Transformations that are left out of RL',
    },
  },
  'beta-sweep': {
    beta1: {
      ...numbersOf('--beta1'),
      defaultDescription: OWN_DEFAULTS.beta1.join(' '),
      describe: 'Weights of the strategy',
    },
    beta2: {
      ...numbersOf('--beta2'),
      defaultDescription: OWN_DEFAULTS.beta2.join(' '),
      describe: 'Weights of the penalties',
    },
  },
  scaling: {
    'row-counts': {
      ...numbersOf('--row-counts'),
      defaultDescription: '4 and 16 times training.batch: 32 128',
      describe:
        'Numbers of different questions to learn from, beside as many as the steps take; each fewer, and enough for one step',
    },
  },
}

/** `codevision experiment reward-ablation` and the other studies, one command each. */
export const EXPERIMENT_STUDY_COMMANDS: readonly CommandModule<object, StudyArguments>[] =
  STUDY_NAMES.map(studyCommand)

function studyCommand(name: StudyName): CommandModule<object, StudyArguments> {
  return {
    command: name,
    describe: DESCRIBED[name],
    builder: (command) => {
      const parser = command
        .option('config', {
          ...textOf('--config', 'a configuration (.yaml)'),
          alias: 'full-scale',
          describe:
            'GRPO configuration of every arm; with rows of its own (data or suite, and evaluation), these are taken instead of boards [default: configs/mini/study.yaml]',
        })
        .option('seeds', { ...numberOf('--seeds'), default: 1, describe: 'Trainings of each arm' })
        .option('steps', {
          ...numberOf('--steps'),
          describe: 'Of a training, instead of those of the configuration',
        })
        .option('rows', {
          ...numberOf('--rows'),
          describe: 'Tasks of an evaluation [default: 240 boards; all rows of a configuration]',
        })
        .option('checkpoints', {
          ...textOf('--checkpoints', 'a folder'),
          describe:
            'Folder with the checkpoints base, sft and rl [default: those that are shipped; with --full-scale, sft is the model of the configuration]',
        })
        .option('output', {
          ...textOf('--output', 'a folder'),
          default: 'runs/studies',
          describe: 'Folder of all studies: an arm that is there already is taken from there',
        })
        .option('json', { ...textOf('--json', 'a file'), describe: 'File to write the figures to' })
        .example(`$0 experiment ${name} --seeds 3`, 'Again after an interruption: it goes on where it was')
        .example(
          `$0 experiment ${name} --full-scale grpo.yaml --checkpoints models`,
          'With a model and rows of your own',
        )
      parser.options(OWN_OPTIONS[name] ?? {})
      return parser
    },
    handler: async (given) => {
      const { runStudyCommand } = await import('./run-study.js')
      const { status } = await runStudyCommand({ name, given: { ...OWN_DEFAULTS, ...given } })
      if (status === 'interrupted') process.exitCode = EXIT.interrupted
      else if (status !== 'complete') process.exitCode = EXIT.failed
    },
  }
}
