import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { WasmBackend } from '../../models/backend/wasm-parts.js'
import { createConversation } from '../../models/generate/conversation.js'
import { generate } from '../../models/generate/generate.js'
import { openModel } from '../../models/open-model.js'
import { normalisePatches } from '../../models/processor/normalise-patches.js'
import { TOKENS_PER_PART } from '../../models/train/tokens-per-part.js'
import { tfjsStageEngine } from './engines/tfjs-stage-engine.js'
import { measureSamples } from './measure-samples.js'
import { parseMiniConfig, type MiniStageConfig } from './mini-config.js'
import { createSampleEncoder } from './sample-encoder.js'
import { openSampleStream } from './sample-stream.js'
import { trainStage, type StageEvent } from './train-stage.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-mini-stage-'))
afterAll(() => rm(folder, { recursive: true }))

/** Small enough for a step to take a moment. */
const SHAPE = {
  layers: 1,
  hidden: 64,
  heads: 2,
  keyValueHeads: 1,
  intermediate: 64,
  visionDepth: 1,
  visionHidden: 32,
  visionHeads: 2,
  visionIntermediate: 32,
  deepStack: [0],
}

function stage(value: Record<string, unknown>): MiniStageConfig {
  return parseMiniConfig({
    value: {
      seed: 3,
      shape: SHAPE,
      phases: [{ mixture: { orientation: 1, trajectory: 1 } }],
      steps: 4,
      batch: 2,
      samplesAtOnce: 2,
      warmupSteps: 0,
      saveEvery: 100,
      measureEvery: 100,
      measured: 2,
      backend: 'wasm',
      ...value,
    },
    where: 'test',
  })
}

async function train(name: string, config: MiniStageConfig, until = Infinity): Promise<StageEvent[]> {
  const events: StageEvent[] = []
  const stop = new AbortController()
  await trainStage({
    config,
    folder: join(folder, name),
    signal: stop.signal,
    onEvent(event) {
      events.push(event)
      if (event.type === 'step' && event.step >= until) stop.abort()
    },
  })
  return events
}

const weightsOf = (name: string): Promise<Buffer> =>
  readFile(join(folder, name, 'checkpoint', 'model.safetensors'))

test('a stage that is stopped and resumed ends with the weights of one that was not', async () => {
  await train('whole', stage({}))
  const before = await train('parts', stage({}), 2)
  const after = await train('parts', stage({}))
  expect(before.flatMap((event) => (event.type === 'step' ? [event.step] : []))).toEqual([1, 2])
  expect(after.flatMap((event) => (event.type === 'step' ? [event.step] : []))).toEqual([3, 4])
  expect((await weightsOf('parts')).equals(await weightsOf('whole'))).toBe(true)
})

test('what is learned is measured: a turn counts as right where greedy decoding writes it', async () => {
  const config = stage({
    phases: [{ mixture: { orientation: 1 } }],
    boards: { transforms: ['rotate_90'] },
    steps: 30,
    learningRate: 0.01,
    measureEvery: 30,
  })
  const events = await train('learns', config)
  const losses = events.flatMap((event) => (event.type === 'step' ? [event.loss] : []))
  expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 4)
  const measured = events.find((event) => event.type === 'measured')
  expect(measured?.accuracies.get('answer')).toMatchObject({ turns: 2, right: 2 })

  const model = await openModel(join(folder, 'learns', 'checkpoint'))
  const encoder = createSampleEncoder({ model })
  const stream = await openSampleStream(config)
  for (const task of ['orientation', 'colours'] as const) {
    const [encoded] = (await stream.held({ task, count: 1 })).map((sample) => encoder.encode(sample))
    if (encoded === undefined) throw new Error('expected a sample')
    const engine = await tfjsStageEngine('wasm')({
      from: join(folder, 'learns', 'checkpoint'),
      checkpoint: join(folder, 'measured'),
      weightDecay: 0,
    })
    const accuracies = await measureSamples({
      samples: [encoded],
      samplesAtOnce: 1,
      matches: (segments) => engine.matches(segments),
    })
    await engine.close()
    const { segment, turns } = encoded
    const [{ start, end } = { start: 0, end: 0 }] = turns
    const conversation = createConversation(model)
    const images = segment.images.map(({ pixels, grid }) => ({
      patches: normalisePatches({ pixels, config: model.processor }),
      ...{ grid, tokens: 16 },
    }))
    conversation.add({ ids: segment.ids.slice(0, start), images })
    const [written] = await generate({
      model,
      requests: [
        {
          conversation,
          sampling: { temperature: 0, topP: 1, topK: 0 },
          random: () => 0,
          maxTokens: end - start,
          stopIds: new Set([segment.ids.at(-1) ?? 0]),
        },
      ],
    })
    conversation.dispose()
    const isSame = written?.tokens.map(({ id }) => id).join() === segment.ids.slice(start, end).join()
    expect(isSame).toBe(task === 'orientation')
    expect(accuracies.get('answer')?.right).toBe(isSame ? 1 : 0)
  }
  model.weights.dispose()
})

test('a stage starts from the checkpoint of another', async () => {
  const [first] = (
    await train('second', stage({ from: join(folder, 'whole', 'checkpoint'), steps: 1 }))
  ).filter((event) => event.type === 'step')
  const [fresh] = (await train('fresh', stage({ steps: 1 }))).filter((event) => event.type === 'step')
  expect(first?.loss).toBeLessThan(fresh?.loss ?? 0)
})

test('a step that has more tokens than one heap of WebAssembly should hold is computed in parts', async () => {
  // No helper thread trains so small a model, whatever the number of cores.
  const shape = { ...SHAPE, hidden: 32, intermediate: 32, visionHidden: 16, visionIntermediate: 16 }
  const phases = [{ mixture: { trajectory: 1 } }]
  const config = stage({ shape, phases, steps: 1, batch: 40, samplesAtOnce: 40 })
  const [step] = (await train('long', config)).filter((event) => event.type === 'step')
  expect(step?.tokens).toBeGreaterThan(2 * TOKENS_PER_PART)
  // It grows and never shrinks: what was needed at once.
  const { backend } = await import('@tensorflow/tfjs-core')
  const { wasm } = backend() as unknown as WasmBackend
  expect(wasm.HEAPU8.length).toBeLessThan(256 * 2 ** 20)
})

test('a checkpoint that another engine left is neither begun anew nor written over', async () => {
  const checkpoint = join(folder, 'foreign', 'checkpoint')
  await mkdir(join(checkpoint, 'torch'), { recursive: true })
  await writeFile(join(checkpoint, 'config.json'), '{}')
  await expect(train('foreign', stage({ steps: 1 }))).rejects.toThrow(
    /expected no checkpoint, or one of the engine tfjs, .* \(--engine\)/,
  )
  expect(await readFile(join(checkpoint, 'config.json'), 'utf8')).toBe('{}')
})
