import { resolve } from 'node:path'
import type { CommandModule } from 'yargs'
import type { JobResources } from '../cluster/ray/job-request.js'
import { UsageError } from '../core/errors.js'
import { commandLine, shellLine } from './command-line.js'
import { numberOf, readNumber } from './number-of.js'
import { pairsOf } from './pairs-of.js'
import { openRayClient, withRayOptions, type RayArguments } from './ray-options.js'
import { EXIT } from './report-failure.js'
import { tellRetry } from './tell-retry.js'
import { textOf } from './text-of.js'

interface SubmitArguments extends RayArguments {
  words: string[]
  id: string | undefined
  'working-dir': string | undefined
  env: Record<string, string> | undefined
  metadata: Record<string, string> | undefined
  cpus: number | undefined
  gpus: number | undefined
  memory: number | undefined
  resource: Record<string, string> | undefined
  follow: boolean
  'silent-after': number
}

export const clusterSubmitCommand: CommandModule<object, SubmitArguments> = {
  command: 'submit <words..>',
  describe: 'Run a command as a job of a Ray cluster (docs/ray.md)',
  builder: (command) =>
    withRayOptions(
      command.positional('words', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'The command, behind --; a single word is a line of shell',
      }),
    )
      .option('id', {
        ...textOf('--id', 'a name'),
        describe:
          'Name of the job [default: it follows from what is submitted, so that the same is submitted once]',
      })
      .option('working-dir', {
        ...textOf('--working-dir', 'a folder'),
        describe: 'Folder to send along, without what .gitignore and .rayignore name; the command runs in it',
      })
      .option('env', {
        ...pairsOf('--env'),
        describe: 'NAME=value: a variable of the job; the dashboard shows it',
      })
      .option('metadata', { ...pairsOf('--metadata'), describe: 'NAME=value: a note on the job' })
      .option('cpus', {
        ...numberOf('--cpus'),
        describe: 'CPUs that the command takes, beside those of its tasks',
      })
      .option('gpus', { ...numberOf('--gpus'), describe: 'GPUs of it' })
      .option('memory', { ...numberOf('--memory'), describe: 'Memory of it, in GiB' })
      .option('resource', {
        ...pairsOf('--resource'),
        describe: "NAME=amount of a resource of the cluster's own",
      })
      .option('follow', { type: 'boolean', default: false, describe: 'Show its log until it ends' })
      .option('silent-after', {
        ...numberOf('--silent-after'),
        default: 600,
        describe: 'Seconds without a line of its log, after which that is told (with --follow)',
      })
      .example(
        '$0 cluster submit --working-dir . --follow -- codevision eval configs/eval/mine.yaml',
        'With its log',
      )
      .example("$0 cluster submit -- 'nvidia-smi && codevision doctor'", 'A line of shell'),
  handler: async (given) => {
    const client = await openRayClient(given)
    const folder = given['working-dir']
    const { packFolder } = await import('../cluster/ray/pack-folder.js')
    const { submitJob } = await import('../cluster/ray/submit-job.js')
    const workingDirectory = folder === undefined ? null : await packFolder({ folder: resolve(folder) })
    const { id, isNew, job, uploaded } = await submitJob({
      client,
      spec: {
        entrypoint: shellLine(given.words),
        environment: given.env ?? {},
        metadata: given.metadata ?? {},
        resources: resourcesOf(given),
      },
      workingDirectory,
      id: given.id ?? null,
      onRetry: tellRetry,
    })
    if (workingDirectory !== null)
      console.error(
        `Package of ${workingDirectory.files} files: ${uploaded === 0 ? 'the cluster has it' : `${uploaded} bytes sent`}`,
      )
    console.log(
      isNew
        ? `Submitted ${id} to ${client.address}`
        : `${id} had been submitted before, and is ${job.status}. To run it once more: --id NAME`,
    )
    if (given.follow) {
      const { watchJob } = await import('./watch-job.js')
      process.exitCode = await watchJob({
        client,
        id,
        withLog: true,
        silentAfterSeconds: given['silent-after'],
      })
    } else {
      console.log(`Its log: ${commandLine(['cluster', 'logs', id, '--follow'])}`)
      process.exitCode = EXIT.complete
    }
  },
}

function resourcesOf({ cpus, gpus, memory, resource }: SubmitArguments): JobResources {
  const amounts = { '--cpus': cpus, '--gpus': gpus, '--memory': memory }
  for (const [option, amount] of Object.entries(amounts))
    if (amount !== undefined && amount < 0)
      throw new UsageError(`${option}: expected 0 or more, got ${amount}`)
  const others = Object.entries(resource ?? {}).map(([name, value]) => [
    name,
    readNumber({ name: `--resource ${name}`, what: 'a number', value }),
  ])
  return {
    cpus,
    gpus,
    ...(memory !== undefined && { memory: Math.round(memory * 2 ** 30) }),
    others: Object.fromEntries(others) as Record<string, number>,
  }
}
