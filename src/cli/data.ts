import type { CommandModule } from 'yargs'
import { dataBoardsCommand } from './data-boards.js'
import { dataBuildMvtoolbenchCommand } from './data-build-mvtoolbench.js'
import { dataCheckCommand } from './data-check.js'
import { dataCurateCommand } from './data-curate.js'
import { dataExportCommand } from './data-export.js'
import { dataFilterCommand } from './data-filter.js'
import { dataSynthCommand } from './data-synth.js'
import { dataTransformCommand } from './data-transform.js'

/** Every `codevision data …`; one file each. */
export const dataCommand: CommandModule<object, object> = {
  command: 'data <action>',
  describe: 'Make, change and check data sets',
  builder: (command) =>
    command
      .command(dataBoardsCommand)
      .command(dataBuildMvtoolbenchCommand)
      .command(dataCheckCommand)
      .command(dataCurateCommand)
      .command(dataExportCommand)
      .command(dataFilterCommand)
      .command(dataSynthCommand)
      .command(dataTransformCommand)
      .demandCommand(1, 'Name an action; codevision data --help lists them.'),
  handler: () => undefined,
}
