// Train a stage of the mini experiment, and go on where it stopped if its folder holds one that was begun. Ctrl-C stops after the step that is running and saves.
//
//     npm run build && node benchmarks/mini/train.mjs configs/mini/base.yaml --out runs/mini-base [--from CHECKPOINT] [--steps N] [--batch N] [--backend node]
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { parseMiniConfig } from '../../dist/experiments/mini/mini-config.js'
import { trainStage } from '../../dist/experiments/mini/train-stage.js'

const NUMBERS = { type: 'string' }
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string' },
    from: { type: 'string' },
    backend: { type: 'string' },
    seed: NUMBERS,
    steps: NUMBERS,
    batch: NUMBERS,
    samplesAtOnce: NUMBERS,
    learningRate: NUMBERS,
    saveEvery: NUMBERS,
    measureEvery: NUMBERS,
    measured: NUMBERS,
    printEvery: { type: 'string', default: '10' },
  },
})
const [path] = positionals
if (path === undefined || options.out === undefined)
  throw new Error('expected a configuration and --out, such as: configs/mini/base.yaml --out runs/mini-base')
const { out, printEvery, from, backend, ...numbers } = options
const config = parseMiniConfig({
  value: {
    ...parse(readFileSync(path, 'utf8')),
    ...(from !== undefined && { from }),
    ...(backend !== undefined && { backend }),
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])),
  },
  where: path,
})
const percent = (right, all) => `${((100 * right) / all).toFixed(0)} %`
const plain = (value) => (value instanceof Map ? Object.fromEntries(value) : value)
const stop = new AbortController()
process.once('SIGINT', () => stop.abort())
process.once('SIGTERM', () => stop.abort())

mkdirSync(out, { recursive: true })
await trainStage({
  config,
  folder: out,
  signal: stop.signal,
  onEvent(event) {
    appendFileSync(join(out, 'metrics.jsonl'), `${JSON.stringify(event, (_, value) => plain(value))}\n`)
    switch (event.type) {
      case 'opened':
        console.log(`backend ${event.backend}, ${event.step} of ${config.steps} steps done`)
        break
      case 'step': {
        if (event.step % Number(printEvery) !== 0) break
        const { step, loss, losses, gradientNorm, learningRate, tokens, drawMs, trainMs } = event
        const parts = [...losses].map(([task, own]) => `${task} ${own.toFixed(3)}`).join(' · ')
        console.log(
          `step ${step}: loss ${loss.toFixed(4)} (${parts}), gradient ${gradientNorm.toFixed(2)}, rate ${learningRate.toExponential(1)}, ${tokens} tokens, ` +
            `${(drawMs / 1000).toFixed(2)} s drawing, ${(trainMs / 1000).toFixed(2)} s learning`,
        )
        break
      }
      case 'measured': {
        const kinds = [...event.accuracies].map(
          ([kind, { turns, right, tokenShare }]) =>
            `${kind} ${percent(right, turns)} of ${turns} (tokens ${percent(tokenShare, 1)})`,
        )
        console.log(`  step ${event.step}, ${event.task}: ${kinds.join(' · ')}`)
        break
      }
      case 'saved':
        console.log(`  step ${event.step}: saved ${event.directory}`)
    }
  },
})
