import type { CommandModule } from 'yargs'
import { clusterLogsCommand } from './cluster-logs.js'
import { clusterManifestCommand } from './cluster-manifest.js'
import { clusterRecipeCommand } from './cluster-recipe.js'
import { clusterStatusCommand } from './cluster-status.js'
import { clusterStopCommand } from './cluster-stop.js'
import { clusterSubmitCommand } from './cluster-submit.js'

/** Every `codevision cluster …`; one file each. */
export const clusterCommand: CommandModule<object, object> = {
  command: 'cluster <action>',
  describe: 'Jobs of Ray, evaluations on Kubernetes and Slurm, and trainings outside of this package',
  builder: (command) =>
    command
      .command(clusterSubmitCommand)
      .command(clusterStatusCommand)
      .command(clusterLogsCommand)
      .command(clusterStopCommand)
      .command(clusterManifestCommand)
      .command(clusterRecipeCommand)
      .demandCommand(1, 'Name an action; codevision cluster --help lists them.'),
  handler: () => undefined,
}
