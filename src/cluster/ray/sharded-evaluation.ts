import { join } from 'node:path'
import { mergedPath, shardName } from '../shards/shard-script.js'
import { shardedCommand, type ShardedCommand } from '../shards/sharded-command.js'
import { PAUSES } from '../shards/pauses.js'

/** All that `codevision_shards.py` does: it makes no name and no command line of its own. */
export interface ShardPlan {
  shards: readonly PlannedShard[]
  /** Seconds before each try of a shard: it is tried again where it ended with failed samples, or found its run still held. */
  pauses: readonly number[]
  /** CPUs, and resources of the cluster's own, that each shard takes of its node. */
  cpus: number
  resources: Readonly<Record<string, number>>
  /** A folder that all nodes share. */
  output: string
  /** The command that puts the shards together, as words, and the folder that it makes. */
  merge: readonly string[]
  merged: string
}

interface PlannedShard {
  /** Such as `1/4`. */
  part: string
  /** Commands, as words: for a run that is to begin, and for one that has begun. */
  begin: readonly string[]
  resume: readonly string[]
  /** The file that is there once the run has begun. */
  manifest: string
}

/** The driver of a sharded evaluation, in the package of its job. */
export const SHARD_DRIVER = 'codevision_shards.py'

/** Where that file is in this package. */
export function shardDriverPath(packageFolder: string): string {
  return join(packageFolder, 'integrations', 'codevision_ray', SHARD_DRIVER)
}

/**
 * Read a command line as an evaluation in shards, each of which takes something of its node.
 * @throws UsageError as {@link shardedCommand}
 */
export function shardedEvaluation({
  words,
  shards,
  cpus,
  resources,
}: {
  words: readonly string[]
  shards: number
  cpus: number
  resources: Readonly<Record<string, number>>
}): ShardPlan {
  const command = shardedCommand({ words, shards })
  const { program, output } = command
  const merged = mergedPath(command)
  const numbers = Array.from({ length: shards }, (_, at) => at + 1)
  const folders = numbers.map((shard) => join(output, shardName(command, shard)))
  return {
    shards: numbers.map((shard) => plannedShard(command, shard)),
    pauses: PAUSES,
    cpus,
    resources,
    output,
    merge: [...program, 'merge', ...folders, '--output', merged],
    merged,
  }
}

function plannedShard(command: ShardedCommand, shard: number): PlannedShard {
  const { program, output, shards } = command
  const name = shardName(command, shard)
  const part = `${shard}/${shards}`
  const words = (...resume: string[]): string[] => [
    ...[...program, 'eval', ...resume, '--shard', part, '--name', name, '--output', output],
    ...command.arguments,
  ]
  return {
    part,
    begin: words(),
    resume: words('--resume'),
    manifest: join(output, name, 'manifest.json'),
  }
}
