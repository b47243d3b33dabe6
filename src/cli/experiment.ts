import type { CommandModule } from 'yargs'
import { experimentMiniCommand } from './experiment-mini.js'
import { experimentMiniSeedsCommand } from './experiment-mini-seeds.js'
import { experimentTrainMiniCommand } from './experiment-train-mini.js'
import { EXPERIMENT_STUDY_COMMANDS } from './experiment-study.js'

/** Every `codevision experiment …`; one file each. */
export const experimentCommand: CommandModule<object, object> = {
  command: 'experiment <name>',
  describe: 'Run an experiment',
  builder: (command) =>
    EXPERIMENT_STUDY_COMMANDS.reduce(
      (parser, study) => parser.command(study),
      command
        .command(experimentMiniCommand)
        .command(experimentTrainMiniCommand)
        .command(experimentMiniSeedsCommand),
    ).demandCommand(1, 'Name an experiment; codevision experiment --help lists them.'),
  handler: () => undefined,
}
