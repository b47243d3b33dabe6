import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageDirectory } from '../setup/package-paths.js'
import { chart } from './chart.js'
import type { Figures } from './figures.js'
import { goalLines } from './goals.js'
import type { Row } from './run-grid.js'

const INTRODUCTION = `# Speed of the sandbox

Written by \`npm run bench:sandbox -- --report\`. How it is measured, and where the time goes: [docs/speed.md](../../docs/speed.md).

| peer | what runs a call |
| --- | --- |
| \`limit\` | \`exec()\` in a warm interpreter: no process, no containment, no copy; timed in that interpreter |
| \`codevision\` | this sandbox: a contained interpreter of its own for each call; timed in Node |
| \`kernel\` | a Jupyter kernel that is kept alive, nothing contained, leftovers of all calls in it; timed in its Python client |
| \`fresh\` | a new interpreter that imports Pillow, NumPy and OpenCV, nothing contained; timed in Node |
| \`per-call-container\` | the same in a new bubblewrap container; timed in Node |

A call is timed from the request until its raw pixels (for \`error\`: its traceback) are in the caller's memory; all peers must give the same pixels. All take
turns in one run. One caller pauses 100 ms before each call, as a model thinks; several callers call back to back.`

/** Write benchmarks/perf/README.md and chart.svg from one run. */
export async function writeReport(figures: Figures): Promise<void> {
  const folder = join(packageDirectory(), 'benchmarks', 'perf')
  const { machine, date, rows } = figures
  const place = `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memoryBytes / 2 ** 30)} GiB, ${machine.system}, Node ${machine.node}; ${date.slice(0, 10)}`
  const sections = [
    INTRODUCTION,
    `![Median time of one call](chart.svg)`,
    `## Goals\n\n${place}.\n\n${goalLines(figures)
      .map((line) => `* ${line}`)
      .join('\n')}`,
    `## All figures\n\n${table(rows)}`,
  ]
  await writeFile(join(folder, 'README.md'), `${sections.join('\n\n')}\n`)
  await writeFile(join(folder, 'chart.svg'), chart(rows, `Median time of one call, logarithmic. ${place}`))
}

function table(rows: readonly Row[]): string {
  const head = ['work', 'size', 'callers', 'peer', 'p50 ms', 'p95 ms', 'p99 ms', 'calls/s', 'calls']
  const lines = rows.map(({ work, size, concurrency, peer, p50Ms, p95Ms, p99Ms, callsPerSecond, calls }) => [
    work,
    `${size}²`,
    concurrency,
    peer,
    ...[p50Ms, p95Ms, p99Ms, callsPerSecond].map((value) => value.toPrecision(3)),
    calls,
  ])
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
