/** An evaluation in a process of its own, to be killed; reads { rows, run, policy, delayMs } as JSON on stdin and prints a line for each sample. */
import { text } from 'node:stream/consumers'
import { loadSuite } from '../../data/load-suite.js'
import { createChatClient } from '../../llm/chat-client.js'
import { createOpenAiPolicy } from '../../policies/openai.js'
import { createReplayPolicy } from '../../policies/replay.js'
import { openRun } from '../../store/open-run.js'
import { runEvaluation } from '../run/run-evaluation.js'
import { AGENT, fakePolicy, fakeSandbox, variedTurns } from './fakes.js'

const { rows, run, policy, delayMs } = JSON.parse(await text(process.stdin))
const result = await runEvaluation({
  suite: await loadSuite({ suite: rows }),
  policy: await policyOf(policy),
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

async function policyOf({ kind, address }) {
  switch (kind) {
    case 'replay': {
      const recorded = await openRun({ path: address, mode: 'read' })
      return createReplayPolicy({ run: recorded.path, lookup: (key) => recorded.find(key) })
    }
    case 'openai':
      return createOpenAiPolicy({ client: createChatClient({ baseUrl: address, apiKey: null, model: 'm' }) })
    default:
      return fakePolicy({ turnsFor: variedTurns, delayMs })
  }
}
