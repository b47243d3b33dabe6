// What a step of the mini experiment takes with samples drawn in a thread, and with samples drawn where they are learned: the same steps in both ways, in blocks that take turns, so that whatever else the
// machine does meets both alike. `draw` is what a step waits for samples, `learn` all else; medians.
//
// 2026-11-26, AMD EPYC, two cores that others used at the same time (load 6.4), tfjs-node, batches of 32 of the base stage, 40 steps each: in a thread 584 ms (0 of them waiting for samples), inline 675 ms
// (154 drawing): 13 % less. Where all of the processor is taken by work of higher priority (nice 19, load 7.5) it gains 2 %: 570 and 583 ms.
//
//     npm run build && node benchmarks/perf/mini-step.mjs [--config configs/mini/base.yaml] [--from checkpoints/mini/base] [--steps 40] [--rounds 4] [--backend node]
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { parseMiniConfig } from '../../dist/experiments/mini/mini-config.js'
import { trainStage } from '../../dist/experiments/mini/train-stage.js'

const { values: options } = parseArgs({
  options: {
    config: { type: 'string', default: 'configs/mini/base.yaml' },
    from: { type: 'string', default: 'checkpoints/mini/base' },
    steps: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '4' },
    backend: { type: 'string', default: 'auto' },
  },
})
/** Of a block; the decoders, caches and the thread itself are warm then. */
const WARMUP = 5
const steps = Number(options.steps)
const value = parse(await readFile(options.config, 'utf8'))
const config = parseMiniConfig({
  // The last phase, which has most of the steps; nothing is measured or saved on the way.
  value: {
    ...value,
    ...{ from: options.from, backend: options.backend, phases: value.phases.slice(-1) },
    ...{ steps: steps + WARMUP, warmupSteps: 0, measureEvery: 1e9, saveEvery: 1e9, measured: 1 },
  },
  where: options.config,
})

const figures = { thread: [], inline: [] }
for (let round = 0; round < Number(options.rounds); round++)
  for (const drawing of round % 2 === 0 ? ['inline', 'thread'] : ['thread', 'inline']) {
    const folder = await mkdtemp(join(tmpdir(), 'codevision-mini-step-'))
    try {
      await trainStage({
        config,
        folder,
        drawing,
        onEvent(event) {
          if (event.type === 'step' && event.step > WARMUP) figures[drawing].push(event)
        },
      })
    } finally {
      await rm(folder, { recursive: true })
    }
  }

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
console.log(
  `batch ${config.batch}, ${figures.thread.length} steps each, load ${loadavg()[0].toFixed(1)}; milliseconds`,
)
for (const [drawing, own] of Object.entries(figures)) {
  const [draw, learn, step] = [
    own.map(({ drawMs }) => drawMs),
    own.map(({ trainMs }) => trainMs),
    own.map(({ drawMs, trainMs }) => drawMs + trainMs),
  ].map(median)
  console.log(
    `${drawing.padEnd(8)} draw ${draw.toFixed(0)}, learn ${learn.toFixed(0)}, step ${step.toFixed(0)}`,
  )
}
