import type { CommandModule } from 'yargs'
import { clusterRecipeCommand } from './cluster-recipe.js'

/** Every `codevision cluster …`; one file each. */
export const clusterCommand: CommandModule<object, object> = {
  command: 'cluster <action>',
  describe: 'Trainings outside of this package',
  builder: (command) =>
    command
      .command(clusterRecipeCommand)
      .demandCommand(1, 'Name an action; codevision cluster --help lists them.'),
  handler: () => undefined,
}
