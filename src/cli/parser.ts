import yargs, { type Argv } from 'yargs'
import { UsageError } from '../core/errors.js'
import { COMMANDS, type Registration } from './commands.js'

const MISSING =
  'Arguments are missing: got %s, expected at least %s; the same command with --help names them.'

/** What the parser says in its own words, by what it says else. */
const STRINGS = {
  'Not enough arguments following: %s': 'Option %s: expected a value behind it, got none.',
  'Not enough non-option arguments: got %s, need at least %s': { one: MISSING, other: MISSING },
  // Its types know no plurals.
} as unknown as Record<string, string>

/** The parser of the command line; it throws a UsageError for what it does not accept. */
export function createParser({
  words,
  columns = 100,
  commands = COMMANDS,
}: {
  words: readonly string[]
  /** Width of help. */
  columns?: number
  commands?: readonly Registration[]
}): Argv {
  const parser = yargs([...words])
    .scriptName('codevision')
    .usage('$0 <command>\n\nVision-language models that look at images by writing Python.')
    .updateStrings(STRINGS)
    .demandCommand(1, 'Name a command; codevision --help lists them.')
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      // The parser's own class stands for what it was given, refusals of a single option included.
      if (error !== undefined && error.name !== 'YError') throw error
      throw new UsageError(message ?? error?.message ?? 'unknown usage error', { cause: error })
    })
    .help()
    .wrap(Math.min(120, columns))
  for (const register of commands) register(parser)
  return parser
}
