/** A curation in a process of its own, to be killed; reads { rows, run, count } as JSON on stdin and prints a line for each sample. */
import { text } from 'node:stream/consumers'
import { loadSuite } from '../../data/load-suite.js'
import { createSandbox } from '../../wiring.js'
import { runCuration } from '../run/run-curation.js'
import { createScriptedTeacher } from '../teacher/scripted-teacher.js'
import { skeletonOf } from '../teacher/skeleton-of.js'
import { TEST_SETTINGS, testOptions } from './settings.js'

const { rows, run, count, runtime } = JSON.parse(await text(process.stdin))
const sandbox = await createSandbox({ runtime })
const result = await runCuration({
  sources: [await loadSuite({ suite: rows })],
  createTeacher: (sources) => createScriptedTeacher(sources),
  skeletonOf,
  sandbox,
  agent: TEST_SETTINGS,
  provokedTimeoutMs: 1_000,
  options: testOptions({ count }),
  run,
  concurrency: 3,
  onProgress: (_, sample) => {
    if (sample !== null) process.stdout.write(`${sample.key}\n`)
  },
})
await sandbox.close()
process.stdout.write(`${result.status}\n`)
