import type { CommandModule } from 'yargs'
import { dataTransformCommand } from './data-transform.js'

/** Every `codevision data …`; one file each. */
export const dataCommand: CommandModule = {
  command: 'data <action>',
  describe: 'Make and change data sets',
  builder: (command) => command.command([dataTransformCommand]).demandCommand(1),
  // Only its subcommands do something.
  handler: () => undefined,
}
