import { join } from 'node:path'
import { shellWord } from '../../core/shell-word.js'
import type { ShardedCommand } from './sharded-command.js'

/** Name of a shard's run, as the drivers of all clusters give it: one that was begun on a cluster can be finished on another. */
export function shardName({ name, shards }: ShardedCommand, shard: number | string): string {
  return `${name}-shard-${shard}-of-${shards}`
}

/**
 * Lines of shell that set `shard` (from 1) and `run` (name of its run).
 * @param index the variable that tells which shard this is, from 0
 */
export function shardVariables(command: ShardedCommand, index: string): string[] {
  return [`shard=$((\${${index}:?is set by the cluster} + 1))`, `run=${shardName(command, '$shard')}`]
}

/** Lines of shell that set `resume`, by those variables: --resume where that run has begun before. */
export function resumeVariable({ output }: ShardedCommand): string[] {
  return ['resume=', `[ ! -e ${shellWord(output)}/"$run"/manifest.json ] || resume=--resume`]
}

/** The command line of one shard, by all of these variables. */
export function shardLine(command: ShardedCommand): string {
  const words = [...command.program, 'eval', ...command.arguments].map(shellWord).join(' ')
  const own = `--shard "$shard/${command.shards}" --name "$run" --output ${shellWord(command.output)}`
  return `${words} ${own} \${resume:+"$resume"}`
}

/** The command that puts the shards together, as words. */
export function mergeWords(command: ShardedCommand): string[] {
  const { program, name, output, shards } = command
  const folders = Array.from({ length: shards }, (_, at) => join(output, shardName(command, at + 1)))
  return [...program, 'merge', ...folders, '--output', join(output, name)]
}

/** Where the merged run goes, which must not be there. */
export function mergedPath({ name, output }: ShardedCommand): string {
  return join(output, name)
}
