/** A training in a process of its own, to be killed; reads { kind, rows, path, mode, delayMs } as JSON on stdin and prints a line for each step. */
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { trainGrpo } from '../grpo.js'
import { trainSft } from '../sft.js'
import { setUpGrpo } from './grpo-setup.js'
import { setUpSft } from './sft-setup.js'

const { kind, rows, path, mode, delayMs } = JSON.parse(await text(process.stdin))
const shared = {
  checkpoints: { every: 2, keep: 2 },
  onEvent: (event) => {
    if (event.type === 'step') process.stdout.write(`step ${event.metrics.step}\n`)
    if (event.type === 'progress') process.stdout.write(`${event.phase} ${event.done}\n`)
  },
}
const before = () => sleep(delayMs)
const { run, parameters } =
  kind === 'grpo' ? await setUpGrpo({ rows, path, mode, before }) : await setUpSft({ path, mode })
const result = await (kind === 'grpo' ? trainGrpo : trainSft)({ ...parameters, ...shared })
await run.close()
process.stdout.write(`${result.status}\n`)
