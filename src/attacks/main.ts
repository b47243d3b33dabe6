import { writeFile } from 'node:fs/promises'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { isRight, reportLines } from './report.js'
import { runAttacks } from './run-attacks.js'

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run attacks --')
  .usage(
    '$0 [options]\n\nTry every attack on a sandbox of this machine, and look after each whether all is as it was.',
  )
  .example('$0 --short', 'a choice of them, in about a minute')
  .example('$0 --only "fork bomb"', 'one')
  .option('runtime', {
    choices: ['auto', 'bubblewrap', 'docker', 'podman'] as const,
    default: 'auto' as const,
    describe: 'containment under test',
  })
  .option('only', { type: 'string', describe: 'attacks whose names contain this' })
  .option('short', { type: 'boolean', default: false, describe: 'a choice of them' })
  .option('json', { type: 'string', describe: 'file for the figures' })
  .option('verbose', { type: 'boolean', default: false, describe: 'one line an attack' })
  .strict()
  .parse()

const { runtime, only, short, json, verbose } = options
const report = await runAttacks({
  runtime,
  only,
  isShort: short,
  onRow: ({ attack, wrong }) => {
    if (verbose) console.error(`${wrong.length === 0 ? 'right' : 'WRONG'}  ${attack} ${wrong.join('; ')}`)
  },
})
for (const line of reportLines(report)) console.log(line)
if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
process.exitCode = isRight(report) ? 0 : 1
