/** A merge in a process of its own that is held before its folder appears, to be killed; reads { paths, output } as JSON on stdin, prints `derive`. */
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { mergeRuns } from '../../store/merge-runs.js'

const { paths, output } = JSON.parse(await text(process.stdin))
await mergeRuns({
  paths,
  output,
  lineFiles: [],
  manifestOf: ([first]) => first.manifest,
  derive: async (run) => {
    await run.writeJson('summary.json', { isComplete: true })
    process.stdout.write('derive\n')
    await wait(600_000)
  },
})
