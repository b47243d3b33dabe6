import type { CommandModule } from 'yargs'
import { clusterManifestKubernetesCommand } from './cluster-manifest-kubernetes.js'
import { clusterManifestSlurmCommand } from './cluster-manifest-slurm.js'

export const clusterManifestCommand: CommandModule<object, object> = {
  command: 'manifest <system>',
  describe: 'Write an evaluation in shards as jobs of Kubernetes or Slurm (docs/kubernetes-slurm.md)',
  builder: (command) =>
    command
      .command(clusterManifestKubernetesCommand)
      .command(clusterManifestSlurmCommand)
      .demandCommand(1, 'Name a system; codevision cluster manifest --help lists them.'),
  handler: () => undefined,
}
