import { join } from 'node:path'
import { shardedCommand, type ShardedCommand } from '../shards/sharded-command.js'

/** How `codevision_shards.py` does an evaluation; its fields are named there. */
export interface ShardPlan extends ShardedCommand {
  /** That each shard takes of its node. */
  cpus: number
  resources: Readonly<Record<string, number>>
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
  return { ...shardedCommand({ words, shards }), cpus, resources }
}
