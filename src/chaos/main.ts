import { writeFile } from 'node:fs/promises'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { reportLines } from './report.js'
import { runChaos } from './run-chaos.js'

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run chaos --')
  .usage(
    '$0 [options]\n\nKill parts of the sandbox at random moments under a load whose every answer is checked.',
  )
  .example('$0 --kills 40', 'the short form, less than a minute')
  .option('kills', {
    type: 'number',
    default: 500,
    describe: 'workers, zygotes, hosts and containers to kill',
  })
  .option('controllers', { type: 'number', describe: 'whole controllers to kill; default one for 20 kills' })
  .option('seed', { type: 'string', default: '1', describe: 'of the order of calls and kills' })
  .option('runtime', {
    choices: ['auto', 'bubblewrap', 'docker', 'podman', 'none'] as const,
    default: 'auto' as const,
    describe: 'containment under test',
  })
  .option('clients', { type: 'number', default: 6, describe: 'callers side by side' })
  .option('concurrency', { type: 'number', default: 2, describe: 'calls at a time in the host' })
  .option('json', { type: 'string', describe: 'file for the figures' })
  .option('verbose', { type: 'boolean', default: false, describe: 'one line a kill' })
  .strict()
  .parse()

const { kills, seed, runtime, clients, concurrency, json, verbose } = options
const report = await runChaos({
  kills,
  controllers: options.controllers ?? Math.ceil(kills / 20),
  seed,
  runtime,
  clients,
  concurrency,
  onProgress: verbose ? (line) => console.error(line) : () => undefined,
})
for (const line of reportLines(report)) console.log(line)
if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
process.exitCode = report.violations.length === 0 ? 0 : 1
