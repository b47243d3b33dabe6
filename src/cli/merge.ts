import type { CommandModule } from 'yargs'
import { EXIT } from './report-failure.js'

interface MergeArguments {
  run: string[]
  output: string
}

export const mergeCommand: CommandModule<object, MergeArguments> = {
  command: 'merge <run..>',
  describe: 'Put shards of a run, or half-finished runs of the same configuration, together into one',
  builder: (command) =>
    command
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders' })
      .option('output', { type: 'string', demandOption: true, describe: 'Folder of the new run' })
      .example('$0 merge runs/mine-1 runs/mine-2 --output runs/mine', 'Two shards'),
  handler: async ({ run: paths, output }) => {
    const { printMerged } = await import('./print-merged.js')
    const isComplete = await printMerged({ paths, output })
    process.exitCode = isComplete ? EXIT.complete : EXIT.failed
  },
}
