import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { CommandModule } from 'yargs'
import type { JobResources } from '../cluster/ray/job-request.js'
import type { RayPackage } from '../cluster/ray/pack-folder.js'
import { UsageError } from '../core/errors.js'
import { amountsOf } from './amounts-of.js'
import { commandLine, shellLine } from './command-line.js'
import { expectNotNegative } from './expect-not-negative.js'
import { numberOf } from './number-of.js'
import { pairsOf } from './pairs-of.js'
import { openRayClient, withRayOptions, type RayArguments } from './ray-options.js'
import { EXIT } from './report-failure.js'
import { createRetryNotice } from './retry-notice.js'
import { textOf } from './text-of.js'

interface SubmitArguments extends RayArguments {
  /** What stands behind `--`, as it was typed. */
  '--'?: string[]
  id: string | undefined
  'working-dir': string | undefined
  env: Record<string, string> | undefined
  metadata: Record<string, string> | undefined
  cpus: number | undefined
  gpus: number | undefined
  memory: number | undefined
  resource: Record<string, string> | undefined
  shards: number | undefined
  'shard-cpus': number | undefined
  'shard-resource': Record<string, string> | undefined
  follow: boolean
  'silent-after': number
}

export const clusterSubmitCommand: CommandModule<object, SubmitArguments> = {
  command: 'submit',
  describe: 'Run a command as a job of a Ray cluster (docs/ray.md)',
  builder: (command) =>
    withRayOptions(
      command
        .usage(
          '$0 cluster submit [options] -- <command…>\n\nRun a command as a job of a Ray cluster; a single word is a line of shell (docs/ray.md)',
        )
        // Behind -- nothing is ours, and no number: 1.50 stays 1.50.
        .parserConfiguration({ 'populate--': true, 'parse-positional-numbers': false }),
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
      .option('shards', {
        ...numberOf('--shards'),
        describe:
          'Do codevision eval in that many parts, each a task on whatever node has room, and merge them',
      })
      .option('shard-cpus', {
        ...numberOf('--shard-cpus'),
        describe: 'CPUs that each part takes [default: 1]',
      })
      .option('shard-resource', {
        ...pairsOf('--shard-resource'),
        describe: 'NAME=amount of a resource of its own that each part takes',
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
      .example(
        '$0 cluster submit --shards 8 -- codevision eval /shared/eval.yaml --name mine --output /shared/runs',
        'A suite over many nodes',
      )
      .example("$0 cluster submit -- 'nvidia-smi && codevision doctor'", 'A line of shell'),
  handler: async (given) => {
    const { words, extra } = await entrypointOf(given)
    const client = await openRayClient(given)
    const { isOver } = await import('../cluster/ray/ray-answers.js')
    const { submitJob } = await import('../cluster/ray/submit-job.js')
    const workingDirectory = await packageOf({ folder: given['working-dir'], extra })
    const { id, isNew, job, uploaded } = await submitJob({
      client,
      spec: {
        entrypoint: shellLine(words),
        environment: given.env ?? {},
        metadata: given.metadata ?? {},
        resources: resourcesOf(given),
      },
      workingDirectory,
      id: given.id ?? null,
      onRetry: createRetryNotice(),
    })
    if (workingDirectory !== null)
      console.error(
        `Package of ${workingDirectory.files} files: ${uploaded === 0 ? 'the cluster has it' : `${uploaded} bytes sent`}`,
      )
    if (isNew) console.log(`Submitted ${id} to ${client.address}`)
    else {
      console.log(`${id} had been submitted before, and is ${job.status}`)
      console.error('Nothing was submitted. To run it once more: --id NAME')
    }
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
      const isLost = !isNew && isOver(job) && job.status !== 'SUCCEEDED'
      process.exitCode = isLost ? EXIT.failed : EXIT.complete
    }
  },
}

/** The command of the job, and files that it needs beside those of the user's folder. */
async function entrypointOf(given: SubmitArguments): Promise<{
  words: string[]
  extra: Record<string, Uint8Array>
}> {
  const words = given['--'] ?? []
  if (words.length === 0)
    throw new UsageError(
      'cluster submit: expected the command behind --, as in codevision cluster submit --follow -- codevision doctor, got none',
    )
  if (given.shards === undefined) {
    const alone = (['shard-cpus', 'shard-resource'] as const).find((name) => given[name] !== undefined)
    if (alone === undefined) return { words, extra: {} }
    throw new UsageError(
      `--${alone}: expected --shards N beside it, got none; what the command itself takes is --cpus and --resource`,
    )
  }
  const { SHARD_DRIVER, shardDriverPath, shardedEvaluation } =
    await import('../cluster/ray/sharded-evaluation.js')
  const { packageDirectory } = await import('../setup/package-paths.js')
  const plan = shardedEvaluation({
    words,
    shards: given.shards,
    cpus: expectNotNegative({ name: '--shard-cpus', amount: given['shard-cpus'] ?? 1 }),
    resources: amountsOf('--shard-resource', given['shard-resource']),
  })
  // With the name of the run, which tells the job from others in a list.
  const planFile = `codevision_shards-${basename(plan.merged)}.json`
  return {
    words: ['python', SHARD_DRIVER, planFile],
    extra: {
      [SHARD_DRIVER]: await readFile(shardDriverPath(packageDirectory())),
      [planFile]: Buffer.from(JSON.stringify(plan)),
    },
  }
}

async function packageOf({
  folder,
  extra,
}: {
  folder: string | undefined
  extra: Record<string, Uint8Array>
}): Promise<RayPackage | null> {
  if (folder === undefined && Object.keys(extra).length === 0) return null
  const { packFolder } = await import('../cluster/ray/pack-folder.js')
  return packFolder({ folder: folder === undefined ? null : resolve(folder), extra })
}

function resourcesOf({ cpus, gpus, memory, resource }: SubmitArguments): JobResources {
  const amounts = { '--cpus': cpus, '--gpus': gpus, '--memory': memory }
  for (const [name, amount] of Object.entries(amounts))
    if (amount !== undefined) expectNotNegative({ name, amount })
  return {
    cpus,
    gpus,
    ...(memory !== undefined && { memory: Math.round(memory * 2 ** 30) }),
    others: amountsOf('--resource', resource),
  }
}
