import type { CommandModule } from 'yargs'
import { numberOf } from './number-of.js'
import { openRayClient, withJobOptions, type RayArguments } from './ray-options.js'

interface LogsArguments extends RayArguments {
  id: string
  follow: boolean
  'silent-after': number
}

export const clusterLogsCommand: CommandModule<object, LogsArguments> = {
  command: 'logs <id>',
  describe: 'What a job of a Ray cluster has written',
  builder: (command) =>
    withJobOptions(command)
      .option('follow', {
        type: 'boolean',
        default: false,
        describe: 'Until it ends; exit code 1 where it did not succeed',
      })
      .option('silent-after', {
        ...numberOf('--silent-after'),
        default: 600,
        describe: 'Seconds without a line, after which that is told (with --follow)',
      })
      .example('$0 cluster logs mine --follow', 'Until it ends'),
  handler: async (given) => {
    const client = await openRayClient(given)
    const { id } = given
    if (given.follow) {
      const { watchJob } = await import('./watch-job.js')
      const silentAfterSeconds = given['silent-after']
      process.exitCode = await watchJob({ client, id, withLog: true, silentAfterSeconds })
      return
    }
    const { findJob } = await import('../cluster/ray/find-job.js')
    await findJob({ client, id })
    process.stdout.write(await client.logs(id))
  },
}
