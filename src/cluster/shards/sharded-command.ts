import { isAbsolute } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { expectWhole } from '../../core/expect-whole.js'

/** An evaluation that is done in shards: each a run of its own beside the others, merged at the end. */
export interface ShardedCommand {
  /** Words that start this program on a node. */
  program: readonly string[]
  /** Of `eval`, without --name and --output. */
  arguments: readonly string[]
  name: string
  /** A folder that all nodes share. */
  output: string
  shards: number
}

/** Their folders are words of one command, the merge, and of words a system takes 2 MiB. */
const MOST_SHARDS = 5_000
/** What each shard has of its own, or the shards together. */
const OWN_OPTIONS = ['--shard', '--resume', '--baseline', '--tolerance']

/**
 * Read a command line `codevision eval … --name NAME --output FOLDER` as one to be done in shards.
 * @throws UsageError for another command, or one that shards cannot share.
 */
export function shardedCommand({
  words,
  shards,
}: {
  words: readonly string[]
  shards: number
}): ShardedCommand {
  const expected = '--shards: expected codevision eval … --name NAME --output FOLDER behind --'
  expectWhole({ option: '--shards', value: shards, most: MOST_SHARDS })
  if (words.includes('--'))
    throw new UsageError(
      `${expected}, without another --, behind which codevision would read no option, got ${JSON.stringify(words.join(' '))}`,
    )
  const at = words.indexOf('eval')
  if (at < 1) throw new UsageError(`${expected}, word by word, got ${JSON.stringify(words.join(' '))}`)
  const program = words.slice(0, at)
  if (program.some((word) => /(^|\/)(npx|npm)$/.test(word)))
    throw new UsageError(
      `${expected}, got ${program.join(' ')}, whose evaluation would outlive what begins it on a node. Name the program itself, or node and its dist/cli/main.js.`,
    )
  const given = words.slice(at + 1)
  const own = OWN_OPTIONS.find((option) => optionIn(given, option))
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
  return { program, arguments: args, name, output, shards }
}

/** Whether an option stands among words, with its value behind it or in it. */
export function optionIn(words: readonly string[], option: string): boolean {
  return words.some((word) => word === option || word.startsWith(`${option}=`))
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
