import { UsageError } from '../core/errors.js'
import { runParity } from './run-parity.js'
import { PARITY_SETS } from './sets.js'

try {
  const agrees = await runParity({
    files: process.argv.slice(2),
    sets: PARITY_SETS,
    print: (line) => console.log(line),
  })
  process.exitCode = agrees ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
