#!/usr/bin/env node
import { hideBin } from 'yargs/helpers'
import { guardTerminal } from './guard-terminal.js'
import { outliveOutput } from './outlive-output.js'
import { createParser } from './parser.js'
import { EXIT, reportFailure } from './report-failure.js'

guardTerminal({ console, stdout: process.stdout, stderr: process.stderr })
let isOutputLost = false
outliveOutput({
  ...{ stdout: process.stdout, stderr: process.stderr },
  onError(message) {
    console.error(message)
    isOutputLost = true
    process.exitCode ||= EXIT.failed
  },
})

try {
  await createParser({ words: hideBin(process.argv), columns: process.stdout.columns }).parseAsync()
} catch (error) {
  process.exitCode = reportFailure(error)
}
// Commands that say how they ended may have said so after it.
if (isOutputLost) process.exitCode ||= EXIT.failed
