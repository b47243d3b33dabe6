import type { CommandModule } from 'yargs'
import { readServiceTokens } from '../config/service-tokens.js'
import { EXIT } from './report-failure.js'

interface ConformanceArguments {
  url: string
  'token-file': string | undefined
}

export const conformanceCommand: CommandModule<object, ConformanceArguments> = {
  command: 'conformance <url>',
  describe: 'Drive an environment service with a scripted model: what holds, and which tricks are paid',
  builder: (command) =>
    command
      .positional('url', { type: 'string', demandOption: true, describe: 'Of codevision serve env' })
      .option('token-file', { type: 'string', describe: 'File with the token; of several lines the first' })
      .example('$0 conformance http://127.0.0.1:8000', 'Exit code 1 where a rule does not hold'),
  handler: async ({ url, 'token-file': file }) => {
    const { checkConformance } = await import('../services/conformance/check-conformance.js')
    const [first] = await readServiceTokens({ file, onWarning: (message) => console.error(message) })
    let failed = 0
    let count = 0
    for await (const { name, failure } of checkConformance({ url, token: first?.token })) {
      count += 1
      console.log(failure === null ? `ok    ${name}` : `FAIL  ${name}: ${failure}`)
      if (failure !== null) failed += 1
    }
    console.log(failed === 0 ? `All ${count} rules hold.` : `${failed} of ${count} rules do not hold.`)
    process.exitCode = failed === 0 ? EXIT.complete : EXIT.failed
  },
}
