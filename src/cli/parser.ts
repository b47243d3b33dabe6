import yargs, { type Argv } from 'yargs'
import { UsageError } from '../core/errors.js'
import { COMMANDS, type Registration } from './commands.js'

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
