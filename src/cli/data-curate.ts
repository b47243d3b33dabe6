import type { CommandModule } from 'yargs'
import { PROVOCATIONS, type Provocation } from '../core/curation.js'
import { oneOf } from './one-of.js'
import { withPolicyOptions, type PolicyArguments } from './policy-options.js'
import { EXIT } from './report-failure.js'
import { someOf } from './some-of.js'

/** Who plays the plans. */
export const TEACHERS = ['scripted', 'openai'] as const

export interface CurateArguments extends PolicyArguments {
  source: string[]
  out: string
  count: number
  seed: string
  mix: string | undefined
  provocations: Provocation[] | undefined
  attempts: number
  teacher: (typeof TEACHERS)[number]
  concurrency: number
  cache: boolean
  prices: string | undefined
  tokenizer: string | undefined
  'provoked-timeout': number
  resume: boolean
}

export const dataCurateCommand: CommandModule<object, CurateArguments> = {
  command: 'curate <source..>',
  describe:
    'Make trajectories to learn from out of rows: planned, played by a teacher in the sandbox, verified',
  builder: (command) =>
    withPolicyOptions(
      command.positional('source', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Rows with answer, box and transformation (.parquet, .jsonl), or a suite’s name',
      }),
    )
      // What a teacher does not have.
      .hide('policy')
      .hide('replay')
      .hide('native')
      .hide('tools')
      .alias('sandbox-profile', 'profile')
      .option('out', { type: 'string', demandOption: true, describe: 'Folder of the run' })
      .option('count', { type: 'number', default: 1000, describe: 'Trajectories to plan' })
      .option('seed', { type: 'string', default: 'curate', describe: 'Same seed and rows, same plans' })
      .option('mix', {
        type: 'string',
        describe:
          'Shares of the types [default: single-tool=0.3,multi-tool=0.25,multi-crop=0.2,error-handling=0.15,no-tool=0.1]',
      })
      .option('provocations', {
        ...someOf('--provocations', PROVOCATIONS),
        defaultDescription: PROVOCATIONS.join(' '),
        describe: 'What goes wrong in error-handling, each equally often',
      })
      .option('teacher', {
        ...oneOf('--teacher', TEACHERS),
        default: 'scripted' as const,
        describe: 'Who plays the plans: a grammar, or a model (with --model)',
      })
      .option('attempts', {
        type: 'number',
        default: 3,
        describe: 'Trajectories that are tried for one plan before it is dropped',
      })
      .option('concurrency', { type: 'number', default: 4, describe: 'Trajectories at the same time' })
      .option('provoked-timeout', {
        type: 'number',
        default: 1.5,
        describe: 'Seconds a call may run where a timeout is provoked',
      })
      .option('cache', {
        type: 'boolean',
        default: true,
        describe: '--no-cache: ask the model again what it was asked before',
      })
      .option('prices', { type: 'string', describe: 'YAML file: prices of a million tokens, by model' })
      .option('tokenizer', {
        type: 'string',
        describe:
          'Folder with tokenizer.json and tokenizer_config.json of the model that is to learn: lengths in its tokens',
      })
      .option('resume', { type: 'boolean', default: false, describe: 'Go on with the run in --out' })
      .example(
        '$0 data curate mini/rows.parquet --count 500 --out runs/sft',
        'Then: codevision view runs/sft',
      )
      .example(
        '$0 data curate rows.parquet --mix multi-crop=1 --max-pixels 262144 --out runs/crops',
        'Crops from coarse to fine alone',
      )
      .example(
        '$0 data curate rows.parquet --teacher openai --model gpt-5 --policy-max-cost 20 --policy-price 1.25,10 --out runs/sft',
        'A model writes them; OPENAI_BASE_URL names its server',
      ),
  handler: async (given) => {
    const { curateSources } = await import('./curate-sources.js')
    const status = await curateSources(given)
    process.exitCode = { complete: EXIT.complete, incomplete: EXIT.failed, interrupted: EXIT.interrupted }[
      status
    ]
  },
}
