#!/usr/bin/env node
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { UsageError } from '../core/errors.js'
import { COMMANDS } from './commands.js'
import { guardTerminal } from './guard-terminal.js'
import { reportFailure } from './report-failure.js'

guardTerminal({ console, stdout: process.stdout, stderr: process.stderr })

const parser = yargs(hideBin(process.argv))
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
  .wrap(Math.min(120, process.stdout.columns ?? 100))

for (const register of COMMANDS) register(parser)

try {
  await parser.parseAsync()
} catch (error) {
  process.exitCode = reportFailure(error)
}
