import { createRandom } from '../data/demo/random.js'
import { openSandboxPool, type RuntimeChoice } from '../wiring.js'
import { runClient } from './client.js'
import { newTally } from './tally.js'

/** The load alone, without end, for a controller that is to be killed:  node load-process.js RUNTIME SEED */
const [, , runtime = 'auto', seed = '1'] = process.argv
const sandbox = await openSandboxPool({ runtime: runtime as RuntimeChoice, concurrency: 2 })
// Whoever started it holds its input: a load that nobody watches ends.
process.stdin.on('end', () => process.exit(0)).resume()
console.log('ready')
await Promise.all(
  Array.from({ length: 6 }, (_, index) =>
    runClient({
      number: index + 1,
      sandbox,
      random: createRandom({ seed: `${seed} client ${index + 1}` }),
      tally: newTally(),
      isOver: () => false,
    }),
  ),
)
