#!/usr/bin/env node
import { hideBin } from 'yargs/helpers'
import { guardTerminal } from './guard-terminal.js'
import { createParser } from './parser.js'
import { reportFailure } from './report-failure.js'

guardTerminal({ console, stdout: process.stdout, stderr: process.stderr })

try {
  await createParser({ words: hideBin(process.argv), columns: process.stdout.columns }).parseAsync()
} catch (error) {
  process.exitCode = reportFailure(error)
}
