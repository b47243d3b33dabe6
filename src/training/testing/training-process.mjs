/** A training in a process of its own, to be killed; reads { kind, rows, path, mode, delayMs, waitAt } as JSON on stdin and prints a line for each step; at the line of an evaluation that it is to be killed in it waits for that. */
import { setTimeout as sleep } from 'node:timers/promises'
import { text } from 'node:stream/consumers'
import { evaluateTasks } from '../evaluate-tasks.js'
import { trainGrpo } from '../grpo.js'
import { trainSft } from '../sft.js'
import { setUpGrpo } from './grpo-setup.js'
import { examplesOf, setUpSft } from './sft-setup.js'

const { kind, rows, path, mode, delayMs, waitAt } = JSON.parse(await text(process.stdin))
const shared = {
  checkpoints: { every: 2, keep: 2 },
  onEvent: (event) => {
    if (event.type === 'step') process.stdout.write(`step ${event.metrics.step}\n`)
    if (event.type !== 'progress') return
    const { phase, step, done } = event
    if (phase !== 'evaluation') return void process.stdout.write(`${phase} ${done}\n`)
    const line = `evaluation after ${step}`
    process.stdout.write(`${line}\n`)
    // An evaluation may be over before the signal comes; a pipe is written to at once.
    if (line === waitAt) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30_000)
  },
}
const before = () => sleep(delayMs)
const { run, parameters } =
  kind === 'grpo' ? await setUpGrpo({ rows, path, mode, before }) : await setUpSft({ path, mode })
const evaluateAnswers = ({ step, signal }) =>
  evaluateTasks({
    ...{ tasks: parameters.tasks, parameters, signal },
    onRollout: (done, of) => shared.onEvent({ type: 'progress', step, phase: 'evaluation', done, of }),
  })
const result =
  kind === 'grpo'
    ? await trainGrpo({ ...parameters, ...shared, evaluation: { every: 2, measure: evaluateAnswers } })
    : await trainSft({ ...parameters, ...shared, heldOut: { examples: examplesOf([4, 5]), every: 2 } })
await run.close()
process.stdout.write(`${result.status}\n`)
