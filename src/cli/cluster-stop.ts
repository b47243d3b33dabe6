import type { CommandModule } from 'yargs'
import { openRayClient, withJobOptions, type RayArguments } from './ray-options.js'
import { EXIT } from './report-failure.js'

interface StopArguments extends RayArguments {
  id: string
}

export const clusterStopCommand: CommandModule<object, StopArguments> = {
  command: 'stop <id>',
  describe: 'End a job of a Ray cluster, and wait until it has ended',
  builder: (command) =>
    withJobOptions(command).example(
      '$0 cluster stop mine',
      'Its command is told to end, and ended after 3 s',
    ),
  handler: async (given) => {
    const client = await openRayClient(given)
    const { stopJob } = await import('../cluster/ray/stop-job.js')
    const { job, outcome } = await stopJob({ client, id: given.id })
    console.log(
      {
        stopped: `${given.id}: ${job.status}`,
        'was-over': `${given.id} was over before: ${job.status}`,
        told: `${given.id} has not begun, and ends as soon as it does. Ray gives up on what has not begun after 15 minutes (RAY_JOB_START_TIMEOUT_SECONDS on its head node).`,
      }[outcome],
    )
    process.exitCode = EXIT.complete
  },
}
