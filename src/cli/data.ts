import type { CommandModule } from 'yargs'
import { dataBuildMvtoolbenchCommand } from './data-build-mvtoolbench.js'

export const dataCommand: CommandModule<object, object> = {
  command: 'data <action>',
  describe: 'Make and look after data sets',
  builder: (command) =>
    command
      .command(dataBuildMvtoolbenchCommand)
      .demandCommand(1, 'Name an action; codevision data --help lists them.'),
  handler: () => undefined,
}
