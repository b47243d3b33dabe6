import type { CommandModule } from 'yargs'
import { recipeImportCommand } from './recipe-import.js'

/** Every `codevision recipe …`; one file each. */
export const recipeCommand: CommandModule<object, object> = {
  command: 'recipe <action>',
  describe: 'Take over the official recipe',
  builder: (command) =>
    command
      .command(recipeImportCommand)
      .demandCommand(1, 'Name an action; codevision recipe --help lists them.'),
  handler: () => undefined,
}
