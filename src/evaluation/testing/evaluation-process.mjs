/** An evaluation in a process of its own, to be killed; reads { rows, run, delayMs } as JSON on stdin and prints a line for each sample. */
import { text } from 'node:stream/consumers'
import { loadSuite } from '../../data/load-suite.js'
import { runEvaluation } from '../run-evaluation.js'
import { AGENT, fakePolicy, fakeSandbox, variedTurns } from './fakes.js'

const { rows, run, delayMs } = JSON.parse(await text(process.stdin))
const result = await runEvaluation({
  suite: await loadSuite({ suite: rows }),
  policy: fakePolicy({ turnsFor: variedTurns, delayMs }),
  sandbox: fakeSandbox(),
  agent: AGENT,
  scoring: { profile: 'strict', judge: null },
  run,
  epochs: 2,
  concurrency: 3,
  onProgress: (_, sample) => {
    if (sample !== null) process.stdout.write(`${sample.key}\n`)
  },
})
process.stdout.write(`${result.status}\n`)
