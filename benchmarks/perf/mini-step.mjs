// What a step of the mini experiment takes with samples drawn in a thread, and with samples drawn where they are learned: the same steps in both ways, in blocks that take turns, so that whatever else the
// machine does meets both alike. `draw` is what a step waits for samples, `learn` all else; medians.
//
// 2026-11-26, AMD EPYC, two cores that others used at the same time, batches of 32 of the base stage; a step inline and in a thread: tfjs-node, 40 steps each, load 6.4: 675 and 584 ms (13 % less); load 11:
// 1020 and 716 ms (30 % less); WebAssembly with its one helper thread, 16 steps, load 12: 4395 and 3544 ms (19 % less). In a thread a step waits 0 to 1 ms for its samples; inline it draws for 154, 250 and
// 404 ms. Where work of higher priority takes all of the processor (nice 19, load 7.5) it gains 2 %: 583 and 570 ms.
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
