import { resolve } from 'node:path'
import type { Argv } from 'yargs'
import type { ShardedCommand } from '../cluster/shards/sharded-command.js'
import { numberOf } from './number-of.js'
import { textOf } from './text-of.js'

export interface ManifestArguments {
  /** What stands behind `--`, as it was typed. */
  '--'?: string[]
  shards: number
  parallelism: number | undefined
  cpus: number
  memory: number
  out: string | undefined
}

/** What every system is told: the evaluation behind `--`, its shards, what each takes, and where the files go. */
export function withManifestOptions<Given>(
  command: Argv<Given>,
  system: string,
): Argv<Given & ManifestArguments> {
  return (
    command
      .usage(
        `$0 cluster manifest ${system} [options] -- codevision eval <what> --name <name> --output <folder> […]`,
      )
      // Behind -- nothing is ours, and no number: 1.50 stays 1.50.
      .parserConfiguration({ 'populate--': true, 'parse-positional-numbers': false })
      .option('shards', { ...numberOf('--shards'), demandOption: true, describe: 'Parts of the evaluation' })
      .option('parallelism', {
        ...numberOf('--parallelism'),
        describe: 'Parts at the same time [default: all]',
      })
      .option('cpus', { ...numberOf('--cpus'), default: 2, describe: 'CPUs of each part' })
      .option('memory', { ...numberOf('--memory'), default: 8, describe: 'Memory of each part, in GiB' })
      .option('out', {
        ...textOf('--out', 'a folder'),
        describe: `Folder to write to [default: <name>-${system}]`,
      })
  )
}

/** @throws UsageError for another command, or one that shards cannot share. */
export async function manifestCommand({
  '--': words = [],
  shards,
}: ManifestArguments): Promise<ShardedCommand> {
  const { shardedCommand } = await import('../cluster/shards/sharded-command.js')
  return shardedCommand({ words, shards })
}

/** Write the files, and tell what to do with them. */
export async function writeManifest({
  command,
  files,
  folder: given,
  next,
}: {
  command: ShardedCommand
  files: Readonly<Record<string, string>>
  folder: string
  /** How their script is called, in words. */
  next: string
}): Promise<void> {
  const folder = resolve(given)
  const { writeFiles } = await import('../cluster/shards/write-files.js')
  await writeFiles({ folder, files })
  console.log(`Written to ${folder}: ${Object.keys(files).join(', ')}`)
  console.log(`${next} ${folder}/submit.sh`)
  console.log(`The merged run will be ${command.output}/${command.name}`)
}
