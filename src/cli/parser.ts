import yargs, { type Argv } from 'yargs'
import { didYouMean } from '../config/did-you-mean.js'
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

/** The parser of the command line; it, and making it for such words, throws a UsageError for what it does not accept. */
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
  expectKnownCommand({ words, commands })
  return parser
}

/** Where help is asked for, the parser itself takes any word for a command and shows the help of all. */
function expectKnownCommand({
  words,
  commands,
}: {
  words: readonly string[]
  commands: readonly Registration[]
}): void {
  const names = commands.flatMap(({ command }) => command ?? [])
  const given = words.find((word) => !word.startsWith('-'))
  if (!words.includes('--help') || given === undefined || names.length === 0 || names.includes(given)) return
  const near = didYouMean({ given, candidates: names })
  throw new UsageError(
    `Unknown command: ${given}${near === null ? '.' : `; did you mean ${near}?`} codevision --help lists them.`,
  )
}
