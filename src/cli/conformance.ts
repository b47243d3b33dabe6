import type { CommandModule } from 'yargs'
import { readServiceTokens } from '../config/service-tokens.js'
import { EXIT } from './report-failure.js'

const FACES = ['env', 'openenv', 'mcp'] as const
type Face = (typeof FACES)[number]

const CHECKS = {
  env: async () => (await import('../services/conformance/check-conformance.js')).checkConformance,
  openenv: async () => (await import('../services/conformance/openenv-rules.js')).checkOpenEnvConformance,
  mcp: async () => (await import('../services/conformance/mcp-rules.js')).checkMcpConformance,
}

interface ConformanceArguments {
  url: string
  face: Face
  'token-file': string | undefined
}

export const conformanceCommand: CommandModule<object, ConformanceArguments> = {
  command: 'conformance <url>',
  describe: 'Drive a service with a scripted model: what holds, and which tricks are paid',
  builder: (command) =>
    command
      .positional('url', {
        type: 'string',
        demandOption: true,
        describe: 'Of codevision serve env, or of the MCP server: http://127.0.0.1:8003/mcp',
      })
      .option('face', {
        choices: FACES,
        default: FACES[0],
        describe: 'Episodes over HTTP, or by OpenEnv, or MCP over streamable HTTP',
      })
      .option('token-file', { type: 'string', describe: 'File with the token; of several lines the first' })
      .example('$0 conformance http://127.0.0.1:8000', 'Exit code 1 where a rule does not hold')
      .example('$0 conformance http://127.0.0.1:8003/mcp --face mcp', 'Tools over images'),
  handler: async ({ url, face, 'token-file': file }) => {
    const [first] = await readServiceTokens({ file, onWarning: (message) => console.error(message) })
    let failed = 0
    let count = 0
    const results = await CHECKS[face]()
    for await (const { name, failure } of results({ url, token: first?.token })) {
      count += 1
      console.log(failure === null ? `ok    ${name}` : `FAIL  ${name}: ${failure}`)
      if (failure !== null) failed += 1
    }
    console.log(failed === 0 ? `All ${count} rules hold.` : `${failed} of ${count} rules do not hold.`)
    process.exitCode = failed === 0 ? EXIT.complete : EXIT.failed
  },
}
