import type { CommandModule } from 'yargs'
import { readServiceTokens } from '../config/service-tokens.js'
import { closeAfter } from '../core/close-after.js'
import { ConformanceError } from '../core/errors.js'
import { conformanceTarget, FACES, type ConformanceTarget } from './conformance-target.js'
import { listenForInterrupts } from './interrupts.js'
import { EXIT } from './report-failure.js'
import { textOf } from './text-of.js'
import { urlOf } from './url-of.js'

interface ConformanceArguments {
  target: string
  url: string | undefined
  python: string | undefined
  'token-file': string | undefined
}

export const conformanceCommand: CommandModule<object, ConformanceArguments> = {
  command: 'conformance <target>',
  describe: 'Drive a service with a scripted model: what holds, and which tricks are paid',
  builder: (command) =>
    command
      .positional('target', {
        ...textOf('target', 'a URL or a name'),
        demandOption: true,
        describe: `URL of codevision serve env, or ${FACES.join(', ')}: over a service of its own, or that of --url`,
      })
      .option('url', {
        ...urlOf('--url'),
        describe:
          'Of a service that runs: http://127.0.0.1:8000, or of the MCP server http://127.0.0.1:8003/mcp',
      })
      .option('python', {
        ...textOf('--python', 'the path of one Python'),
        describe: 'With verl or trl in it [default: python3]',
      })
      .option('token-file', {
        ...textOf('--token-file', 'the path of one file'),
        describe: 'File with the token; of several lines the first [default: CODEVISION_SERVICE_TOKEN]',
      })
      .example('$0 conformance http://127.0.0.1:8000', 'Exit code 1 where a rule does not hold')
      .example(
        '$0 conformance verl --python venv/bin/python',
        "By verl's own code, over a service of its own",
      )
      .example('$0 conformance mcp --url http://127.0.0.1:8003/mcp', 'Tools over images'),
  handler: async (given) => {
    const target = conformanceTarget(given)
    const [first] = await readServiceTokens({
      file: given['token-file'],
      onWarning: (message) => console.error(message),
    })
    const interrupts = listenForInterrupts({
      onDrain: () => console.error(`\nEnding.${target.url === undefined ? ' Nothing is left behind.' : ''}`),
      onCancel: () => undefined,
    })
    const failed = await closeAfter({
      work: () =>
        tryRules({ target, token: first?.token, tokenFile: given['token-file'], signal: interrupts.drain }),
      close: [() => interrupts.stop()],
    })
    process.exitCode = failed === 0 ? EXIT.complete : EXIT.failed
  },
}

/** A line for each rule, and how many there are. @returns how many do not hold. */
async function tryRules({
  target,
  signal,
  ...tokens
}: {
  target: ConformanceTarget
  token: string | undefined
  tokenFile: string | undefined
  signal: AbortSignal
}): Promise<number> {
  const { withConformanceResults } = await import('./with-conformance-results.js')
  return withConformanceResults({
    ...{ target, signal, ...tokens },
    work: async (results) => {
      let count = 0
      let failed = 0
      for await (const { name, failure } of results) {
        console.log(failure === null ? `ok    ${name}` : `FAIL  ${name}: ${failure}`)
        count += 1
        if (failure !== null) failed += 1
      }
      if (count === 0) throw new ConformanceError('expected rules to try, got none')
      console.log(failed === 0 ? `All ${count} rules hold.` : `${failed} of ${count} rules do not hold.`)
      return failed
    },
  })
}
