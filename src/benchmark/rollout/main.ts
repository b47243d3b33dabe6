import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { createSandbox } from '../../wiring.js'
import { machine } from '../machine.js'
import { NoiseImages } from '../noise-image.js'
import { createInstantSandbox, type Encoding } from './instant-sandbox.js'
import { measureBareCalls, measureRollouts, type RolloutLoad, type Spent } from './measure.js'
import { measurePython } from './python-loop.js'
import { rolloutFigures, rolloutTable, type Measurements } from './figures.js'

const options = await yargs(hideBin(process.argv))
  .scriptName('npm run bench:rollout --')
  .usage(
    "$0 [options]\n\nThe controller's own time of a turn: rollouts over a sandbox and a policy that answer at once, beside the same loop in Python.",
  )
  .example('$0 --json rollout.json', 'everything, in about a minute')
  .example('$0 --only-instant', 'without the real sandbox, for a profile: node --cpu-prof')
  .option('concurrency', { type: 'number', default: 256, describe: 'rollouts at the same time' })
  .option('turns', { type: 'number', default: 5, describe: 'turns of each; the last one answers' })
  .option('size', { type: 'number', default: 256, describe: "side of the images' square in pixels" })
  .option('rounds', {
    type: 'number',
    default: 5,
    describe: 'how often each is measured; the middle one counts',
  })
  .option('only-instant', {
    type: 'boolean',
    default: false,
    describe: 'leave the real sandbox and Python out',
  })
  .option('json', { type: 'string', describe: 'file for the figures' })
  .strict()
  .parse()

/** A round over the real sandbox takes many seconds. */
const REAL_ROUNDS = 2

const { concurrency, turns, size, rounds } = options
const images = await NoiseImages.create()
try {
  const { png } = await images.get(size)
  const load: RolloutLoad = { concurrency, turns, png }
  const pixels = await sharp(png).raw().toBuffer()
  const instant = (encoding: Encoding) => createInstantSandbox({ pixels, side: size, png, encoding })
  const measured: Measurements = {
    'controller, images prepared': await repeated(() =>
      measureRollouts({ sandbox: instant('prepared'), load }),
    ),
    'controller, images encoded': await repeated(() => measureRollouts({ sandbox: instant('sharp'), load })),
  }
  if (!options['only-instant']) {
    const python = (encoding: Encoding) =>
      measurePython({ load, encoding, rounds: rounds + 1, onProgress: console.error }).then(
        ([, ...rest]) => rest,
      )
    measured['asyncio loop, images prepared'] = await python('prepared')
    measured['asyncio loop, images encoded'] = await python('sharp')
    const sandbox = await createSandbox()
    try {
      const [bare, whole] = [[] as Spent[], [] as Spent[]]
      // In turns, so that what the machine does meanwhile meets both.
      for (let round = 0; round <= Math.min(rounds, REAL_ROUNDS); round++) {
        const one = await measureBareCalls({ sandbox, load })
        const other = await measureRollouts({ sandbox, load })
        if (round > 0) bare.push(one)
        if (round > 0) whole.push(other)
      }
      measured['real sandbox, its calls alone'] = bare
      measured['real sandbox, rollouts'] = whole
    } finally {
      await sandbox.close()
    }
  }
  const figures = {
    machine: machine(),
    date: new Date().toISOString(),
    concurrency,
    turns,
    size,
    ...rolloutFigures(measured),
  }
  console.log(rolloutTable(figures))
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`)
} finally {
  await images.remove()
}

/** The first round warms up and does not count. */
async function repeated(measure: () => Promise<Spent>): Promise<Spent[]> {
  const all: Spent[] = []
  for (let round = 0; round <= rounds; round++) all.push(await measure())
  return all.slice(1)
}
