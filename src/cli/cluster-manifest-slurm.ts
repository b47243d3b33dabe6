import type { CommandModule } from 'yargs'
import {
  manifestCommand,
  withManifestOptions,
  writeManifest,
  type ManifestArguments,
} from './manifest-options.js'
import { textOf } from './text-of.js'

interface SlurmArguments extends ManifestArguments {
  time: string | undefined
  prepare: string | undefined
}

export const clusterManifestSlurmCommand: CommandModule<object, SlurmArguments> = {
  command: 'slurm',
  describe: 'An array job, a task for each shard, and a job that merges them',
  builder: (command) =>
    withManifestOptions(command, 'slurm')
      .option('time', {
        ...textOf('--time', 'a time as Slurm writes it'),
        describe: 'Limit of a task, 8:00:00; what is not done by then goes back into the queue',
      })
      .option('prepare', {
        ...textOf('--prepare', 'a line of shell'),
        describe: "Line of shell before the program, as 'module load nodejs'",
      })
      .example(
        '$0 cluster manifest slurm --shards 16 --time 4:00:00 -- codevision eval /shared/eval.yaml --name mine --output /shared/runs',
        'Then mine-slurm/submit.sh',
      ),
  handler: async (given) => {
    const { slurmFiles } = await import('../cluster/slurm/slurm-files.js')
    const command = await manifestCommand(given)
    const { parallelism = given.shards, cpus, memory, time = null, prepare = null } = given
    const files = slurmFiles({ command, settings: { parallelism, cpus, memory, time, prepare } })
    const folder = given.out ?? `${command.name}-slurm`
    await writeManifest({ command, files, folder, next: 'Where sbatch is:' })
  },
}
