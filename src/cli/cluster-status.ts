import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import { numberOf } from './number-of.js'
import { openRayClient, withRayOptions, type RayArguments } from './ray-options.js'
import { EXIT } from './report-failure.js'
import { showJob, showJobs } from './show-job.js'
import { textOf } from './text-of.js'

interface StatusArguments extends RayArguments {
  id: string | undefined
  wait: boolean
  'silent-after': number
}

export const clusterStatusCommand: CommandModule<object, StatusArguments> = {
  command: 'status [id]',
  describe: 'How a job of a Ray cluster stands, and what holds it up; without a name, all jobs',
  builder: (command) =>
    withRayOptions(
      command.positional('id', { ...textOf('id', 'the name of a job'), describe: 'Name of the job' }),
    )
      .option('wait', {
        type: 'boolean',
        default: false,
        describe: 'Until it ends, telling every change; exit code 1 where it did not succeed',
      })
      .option('silent-after', {
        ...numberOf('--silent-after'),
        default: 600,
        describe: 'Seconds without a line of its log, after which that is told (with --wait)',
      })
      .example('$0 cluster status', 'All jobs, the newest first')
      .example('$0 cluster status mine --wait', 'Until it ends'),
  handler: async (given) => {
    const { id } = given
    if (given.wait && id === undefined)
      throw new UsageError(
        'cluster status --wait: expected the name of the job to wait for, got none; codevision cluster status lists them',
      )
    const client = await openRayClient(given)
    if (id === undefined) {
      const jobs = await client.jobs()
      console.log(
        jobs.length === 0 ? `${client.address} has no jobs.` : showJobs(jobs, Date.now()).join('\n'),
      )
      return
    }
    if (given.wait) {
      const { watchJob } = await import('./watch-job.js')
      const silentAfterSeconds = given['silent-after']
      process.exitCode = await watchJob({ client, id, withLog: false, silentAfterSeconds })
      return
    }
    const { findJob } = await import('../cluster/ray/find-job.js')
    const { diagnoseJob } = await import('../cluster/ray/diagnose-job.js')
    const job = await findJob({ client, id })
    const now = Date.now()
    console.log(showJob(job, now).join('\n'))
    // How long its log has stood still is not seen at one glance.
    const silence = { quietMs: null, silentAfterMs: Infinity }
    const diagnosis = diagnoseJob({ job, nodes: await client.nodes(), now, ...silence })
    if (diagnosis !== null) console.log(diagnosis.line)
    process.exitCode = EXIT.complete
  },
}
