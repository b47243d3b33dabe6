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

/**
 * The command line of one shard, by all of these variables. What the shard has of its own stands before the words that were given, none of which can hide it there.
 * @param options of `eval`, beside those of every shard
 */
export function shardLine(command: ShardedCommand, options: readonly string[] = []): string {
  const program = [...command.program, 'eval', ...options].map(shellWord).join(' ')
  const own = `--shard "$shard/${command.shards}" --name "$run" --output ${shellWord(command.output)}`
  return [program, '${resume:+"$resume"}', own, ...command.arguments.map(shellWord)].join(' ')
}

/** Lines of shell that become the command that puts the shards together. Their folders are counted and not written out: a script that is an argument may have 128 KiB. */
export function mergeLines(command: ShardedCommand): string[] {
  const { program, output, shards } = command
  const folder = `${shellWord(output)}/"${shardName(command, '$shard')}"`
  return [
    ...['set --', 'shard=1', `while [ "$shard" -le ${shards} ]; do`],
    ...[`  set -- "$@" ${folder}`, '  shard=$((shard + 1))', 'done'],
    `exec ${program.map(shellWord).join(' ')} merge "$@" --output ${shellWord(mergedPath(command))}`,
  ]
}

/** Lines of shell that end with exit code 2 (usage) where the merged run is there, which nothing writes over. */
export function refusalLines(command: ShardedCommand): string[] {
  const merged = mergedPath(command)
  const told = `${merged}: expected nothing there, since the merged run goes there. Remove it, or make these files for another --name.`
  return [`if [ -e ${shellWord(merged)} ]; then`, `  echo ${shellWord(told)} >&2`, '  exit 2', 'fi']
}

/** Where the merged run goes. */
export function mergedPath({ name, output }: ShardedCommand): string {
  return join(output, name)
}
