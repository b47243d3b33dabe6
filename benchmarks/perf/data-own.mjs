// One work of bench:data with this project, in a process of its own; prints time and memory as JSON. The way is that of `codevision data transform`: rows are checked, and images have
// their checksums.
//
//     node data-own.mjs read|write|transform IN.parquet OUT.parquet
import { readFileSync } from 'node:fs'
import { loadSuite } from '../../dist/data/load-suite.js'
import { writeTasks } from '../../dist/data/write-tasks.js'

const [work, source, target] = process.argv.slice(2)
const started = performance.now()
const before = process.cpuUsage()
const suite = await loadSuite({ suite: source, transforms: [work === 'transform' ? 'rotate_90' : 'none'] })
let rows = 0
let imageBytes = 0
if (work === 'read') {
  for await (const { task } of suite.tasks()) {
    rows++
    for (const image of task.images) imageBytes += (await image.read()).length
  }
} else rows = await writeTasks({ path: target, suite })
const seconds = (performance.now() - started) / 1000
const { user, system } = process.cpuUsage(before)
// Of this program alone: what resourceUsage() tells begins with what the process that started it held.
const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))
console.log(
  JSON.stringify({
    rows,
    imageBytes,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: Number(peak?.[1]) * 1024,
  }),
)
