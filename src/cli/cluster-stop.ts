import type { CommandModule } from 'yargs'
import { openRayClient, withRayOptions, type RayArguments } from './ray-options.js'
import { EXIT } from './report-failure.js'

interface StopArguments extends RayArguments {
  id: string
}

export const clusterStopCommand: CommandModule<object, StopArguments> = {
  command: 'stop <id>',
  describe: 'End a job of a Ray cluster, and wait until it has ended',
  builder: (command) =>
    withRayOptions(
      command.positional('id', { type: 'string', demandOption: true, describe: 'Name of the job' }),
    ).example('$0 cluster stop mine', 'Its command is told to end, and ended after 3 s'),
  handler: async (given) => {
    const client = await openRayClient(given)
    const { stopJob } = await import('../cluster/ray/stop-job.js')
    const { job, wasRunning } = await stopJob({ client, id: given.id })
    console.log(wasRunning ? `${given.id}: ${job.status}` : `${given.id} was over before: ${job.status}`)
    process.exitCode = EXIT.complete
  },
}
