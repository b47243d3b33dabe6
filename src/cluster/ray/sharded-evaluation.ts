import { isAbsolute, join } from 'node:path'
import { UsageError } from '../../core/errors.js'

/** How `codevision_shards.py` does an evaluation; its fields are named there. */
export interface ShardPlan {
  /** Words that start this program on a node. */
  program: readonly string[]
  /** Of `eval`, without --name and --output. */
  arguments: readonly string[]
  name: string
  /** A folder that all nodes share. */
  output: string
  shards: number
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

/** What each shard has of its own, or the shards together. */
const OWN_OPTIONS = ['--shard', '--resume', '--baseline', '--tolerance']

/**
 * Read a command line `codevision eval … --name NAME --output FOLDER` as one to be done in shards.
 * @throws UsageError for another command, or one that shards cannot share.
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
  const expected = '--shards: expected codevision eval … --name NAME --output FOLDER behind --'
  if (!Number.isInteger(shards) || shards < 1)
    throw new UsageError(`--shards: expected a whole number from 1, got ${shards}`)
  const at = words.indexOf('eval')
  if (at < 1) throw new UsageError(`${expected}, word by word, got ${JSON.stringify(words.join(' '))}`)
  const program = words.slice(0, at)
  if (program.some((word) => /(^|\/)(npx|npm)$/.test(word)))
    throw new UsageError(
      `${expected}, got ${program.join(' ')}, whose evaluation would outlive the node's worker. Name the program itself, or node and its dist/cli/main.js.`,
    )
  const given = words.slice(at + 1)
  const own = OWN_OPTIONS.find((option) =>
    given.some((word) => word === option || word.startsWith(`${option}=`)),
  )
  if (own !== undefined) throw new UsageError(`${expected}, without ${own}, which shards have of their own`)
  const { value: name, rest } = taken(given, '--name')
  const { value: output, rest: args } = taken(rest, '--output')
  if (name === null || output === null) throw new UsageError(`${expected}; --name or --output is missing`)
  if (!/^[\w][\w.-]*$/.test(name))
    throw new UsageError(
      `--name: expected letters, digits, dots, hyphens and underscores, got ${JSON.stringify(name)}`,
    )
  if (!isAbsolute(output))
    throw new UsageError(
      `--output: expected an absolute folder that all nodes share, got ${JSON.stringify(output)}`,
    )
  return { program, arguments: args, name, output, shards, cpus, resources }
}

/** An option with its value, and the words without both; the last one counts. */
function taken(words: readonly string[], option: string): { value: string | null; rest: string[] } {
  let value: string | null = null
  const rest: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === option) {
      at += 1
      value = words[at] ?? null
    } else if (word.startsWith(`${option}=`)) value = word.slice(option.length + 1)
    else rest.push(word)
  }
  return { value, rest }
}
