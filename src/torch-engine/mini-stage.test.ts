import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from '@jest/globals'
import type { OpenStageEngine } from '../experiments/mini/engines/stage-engine.js'
import { tfjsStageEngine } from '../experiments/mini/engines/tfjs-stage-engine.js'
import { torchStageEngine } from '../experiments/mini/engines/torch-stage-engine.js'
import { parseMiniConfig } from '../experiments/mini/mini-config.js'
import { stageProgress } from '../experiments/mini/recipe/stage-progress.js'
import { trainStage, type StageEvent } from '../experiments/mini/train-stage.js'
import { torchPython } from '../wiring.js'
import { setUpTorch, withTorch } from './testing/torch-setup.js'

setUpTorch()
const folder = await mkdtemp(join(tmpdir(), 'codevision-torch-stage-'))
afterAll(() => rm(folder, { recursive: true }))

const config = parseMiniConfig({
  value: {
    seed: 3,
    shape: {
      ...{ layers: 1, hidden: 64, heads: 2, keyValueHeads: 1, intermediate: 64 },
      ...{ visionDepth: 1, visionHidden: 32, visionHeads: 2, visionIntermediate: 32, deepStack: [0] },
    },
    phases: [{ mixture: { orientation: 1, trajectory: 1 } }],
    ...{ steps: 20, batch: 4, samplesAtOnce: 3, warmupSteps: 2, learningRate: 0.004 },
    ...{ saveEvery: 100, measureEvery: 20, measured: 4 },
  },
  where: 'test',
})

const torch: OpenStageEngine = async (given) =>
  torchStageEngine({ python: await torchPython(), environment: { OMP_NUM_THREADS: '2' } })(given)

async function train(name: string, openEngine: OpenStageEngine, until = Infinity): Promise<StageEvent[]> {
  const events: StageEvent[] = []
  const stop = new AbortController()
  await trainStage({
    config,
    folder: join(folder, name),
    openEngine,
    signal: stop.signal,
    onEvent(event) {
      events.push(event)
      if (event.type === 'step' && event.step >= until) stop.abort()
    },
  })
  return events
}

const stepsOf = (events: StageEvent[]): Extract<StageEvent, { type: 'step' }>[] =>
  events.flatMap((event) => (event.type === 'step' ? [event] : []))
const measuredOf = (events: StageEvent[]): Extract<StageEvent, { type: 'measured' }>[] =>
  events.flatMap((event) => (event.type === 'measured' ? [event] : []))

withTorch(
  'a stage learns the same on both engines, the vision tower with it, and measures the same',
  async () => {
    const [ours, theirs] = [await train('tfjs', tfjsStageEngine('wasm')), await train('torch', torch)]
    const [own, other] = [stepsOf(ours), stepsOf(theirs)]
    expect(other).toHaveLength(config.steps)
    expect(own.at(-1)?.loss).toBeLessThan(0.75 * (own[0]?.loss ?? 0))
    for (const [at, { loss, gradientNorm, losses }] of own.entries()) {
      const step = other[at]
      expect(Math.abs(loss - (step?.loss ?? NaN))).toBeLessThan(1e-3)
      expect(Math.abs(gradientNorm / (step?.gradientNorm ?? NaN) - 1)).toBeLessThan(1e-2)
      expect([...(step?.losses.keys() ?? [])]).toEqual([...losses.keys()])
    }
    const [measured, again] = [measuredOf(ours), measuredOf(theirs)]
    expect(measured.map(({ task }) => task)).toEqual(['orientation', 'trajectory'])
    for (const [at, { accuracies }] of measured.entries())
      for (const [kind, { turns, tokenShare }] of accuracies) {
        expect(again[at]?.accuracies.get(kind)?.turns).toBe(turns)
        expect(Math.abs((again[at]?.accuracies.get(kind)?.tokenShare ?? NaN) - tokenShare)).toBeLessThan(0.02)
      }
  },
)

withTorch(
  'a stage on torch that is stopped goes on with the same next step, and tells how far it is',
  async () => {
    const whole = await train('torch-whole', torch)
    await train('torch-parts', torch, 7)
    const stage = { kind: 'supervised', name: 'parts', minutes: null, config } as const
    const half = await stageProgress({ folder: join(folder, 'torch-parts'), stage })
    expect(half).toMatchObject({ steps: 7, isFinished: false })
    const rest = await train('torch-parts', torch)
    expect(stepsOf(rest).map(({ step }) => step)).toEqual(Array.from({ length: 13 }, (_, at) => at + 8))
    expect(stepsOf(rest).map(({ loss }) => loss)).toEqual(
      stepsOf(whole)
        .slice(7)
        .map(({ loss }) => loss),
    )
    expect(await stageProgress({ folder: join(folder, 'torch-parts'), stage })).toMatchObject({
      steps: 20,
      isFinished: true,
    })
  },
)
