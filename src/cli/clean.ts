import type { CommandModule } from 'yargs'
import { EXIT } from './report-failure.js'

interface CleanArguments {
  what: string[] | undefined
  yes: boolean
}

export const cleanCommand: CommandModule<object, CleanArguments> = {
  command: 'clean [what..]',
  describe: 'List what is left of runs that were killed, and caches; remove it with --yes',
  builder: (command) =>
    command
      .positional('what', {
        type: 'string',
        array: true,
        describe:
          'Only these: containers, exchange, replies, data, datasets, python, wheels, tfjs, or a name of the list [default: all]',
      })
      .option('yes', { type: 'boolean', default: false, describe: 'Remove it without asking' })
      .example('$0 clean', 'What there is, and how large')
      .example('$0 clean containers exchange --yes', 'What killed runs have left')
      .example('$0 clean datasets/echo840/OCRBench', 'One data set'),
  handler: async ({ what, yes }) => {
    const { cleanUp } = await import('./clean-up.js')
    if (!(await cleanUp({ names: what ?? [], isAgreed: yes }))) process.exitCode = EXIT.failed
  },
}
