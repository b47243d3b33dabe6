import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tensor } from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { openBackend } from '../backend/open-backend.js'
import { openSafetensors } from '../checkpoint/open-safetensors.js'
import { tinyConfig } from '../testing/tiny-config.js'
import { tinyIds, tinyImage, tinyModel } from '../testing/tiny-model.js'
import { ADAMW_DEFAULTS } from '../train/adamw.js'
import { segmentLogprobs } from '../train/segment-logprobs.js'
import { createTrainer, type Trainer } from '../train/trainer.js'
import type { TrainingSegment } from '../train/training-segment.js'
import type { ModelWeights } from '../weights/model-weights.js'
import { adaptedLayers } from './adapted-layers.js'
import type { LoraSettings } from './lora-settings.js'
import { mergedWeights } from './merged-weights.js'
import { readAdapter } from './read-adapter.js'
import { saveAdapter } from './save-adapter.js'
import { isAdapter, withAdapters } from './with-adapters.js'

let directory: string
beforeAll(() => openBackend('wasm'))
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lora-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const FAMILIES = ['qwen2_5_vl', 'qwen3_vl'] as const
type Family = (typeof FAMILIES)[number]
const LORA: LoraSettings = { rank: 3, alpha: 6, targets: ['q_proj', 'down_proj', 'visual.attn.qkv'] }
const A = 'model.language_model.layers.1.self_attn.q_proj.lora_A.weight'
const B = 'model.visual.blocks.0.attn.qkv.lora_B.weight'

const images = [tinyImage({ height: 2, width: 4, seed: 'lora' })]
const ids = Int32Array.from(tinyIds({ count: 5, images, seed: 'lora' }))
const SEGMENT: TrainingSegment = {
  ids,
  images,
  mask: Uint8Array.from(ids, (_, at) => (at > ids.length - 4 ? 1 : 0)),
}
/** Weights of the three learned tokens in the loss. */
const SLOPES = Float32Array.from([0.5, -1, 2])

function loraTrainer(family: Family): Trainer {
  const { config, weights } = tinyModel(family)
  return createTrainer({
    config,
    weights: withAdapters({ weights, config, lora: LORA, seed: 4 }),
    isTrained: isAdapter,
    optimizer: { ...ADAMW_DEFAULTS, weightDecay: 0.1 },
  })
}

async function step(trainer: Trainer): Promise<void> {
  trainer.backward({ segments: [SEGMENT], gradient: () => [SLOPES] })
  await trainer.update({ learningRate: 0.02 })
}

async function valuesOf(
  weights: ModelWeights & { names: readonly string[] },
): Promise<Map<string, number[]>> {
  const all = new Map<string, number[]>()
  for (const name of weights.names) all.set(name, Array.from(await weights.get(name).data()))
  return all
}

test.each(FAMILIES)('%s: new adapters change nothing, and only they are trained', async (family) => {
  const { config, weights } = tinyModel(family)
  const plain = await segmentLogprobs({ segments: [SEGMENT], config, weights })
  const trainer = loraTrainer(family)
  expect(await trainer.logprobs({ segments: [SEGMENT] })).toEqual(plain)
  const before = await valuesOf(trainer.weights)
  await step(trainer)
  await step(trainer)
  expect(await trainer.logprobs({ segments: [SEGMENT] })).not.toEqual(plain)
  for (const [name, values] of await valuesOf(trainer.weights))
    if (isAdapter(name)) expect(values).not.toEqual(before.get(name))
    else expect(values).toEqual(before.get(name))
})

test.each(FAMILIES)('%s: the gradient of an adapter is what differences of the loss say', async (family) => {
  const trainer = loraTrainer(family)
  // Away from zeros, where A has no gradient.
  for (let round = 0; round < 3; round++) await step(trainer)
  const loss = async (): Promise<number> =>
    (await trainer.logprobs({ segments: [SEGMENT] }))[0]?.reduce(
      (sum, value, at) => sum + value * (SLOPES[at] ?? 0),
      0,
    ) ?? NaN
  for (const name of [A, B]) {
    const held = trainer.weights.get(name)
    const values = (await held.data()) as Float32Array
    const shifted = async (at: number, by: number): Promise<number> => {
      const moved = values.slice()
      moved[at] = (moved[at] ?? 0) + by
      trainer.assign({ name, value: tensor(moved, held.shape) })
      return loss()
    }
    const measured: number[] = []
    for (let at = 0; at < 6; at++)
      measured.push(((await shifted(at, 5e-3)) - (await shifted(at, -5e-3))) / 1e-2)
    trainer.assign({ name, value: tensor(values, held.shape) })
    const first = await momentOf(trainer, name)
    trainer.backward({ segments: [SEGMENT], gradient: () => [SLOPES] })
    await trainer.update({ learningRate: 0 })
    // The first moment takes in a tenth of the gradient.
    const after = await momentOf(trainer, name)
    measured.forEach((value, at) => {
      const computed = ((after[at] ?? NaN) - 0.9 * (first[at] ?? NaN)) / 0.1
      expect(Math.abs(computed - value)).toBeLessThan(2e-3 + 0.02 * Math.abs(value))
    })
    expect(measured.some((value) => Math.abs(value) > 1e-2)).toBe(true)
  }
})

async function momentOf(trainer: Trainer, name: string): Promise<Float32Array> {
  return (await trainer.optimizer.moments().get(name)?.first.data())?.slice() as Float32Array
}

test.each(FAMILIES)('%s: merged, the model computes what it computes with its adapters', async (family) => {
  const trainer = loraTrainer(family)
  for (let round = 0; round < 3; round++) await step(trainer)
  const [expected] = await trainer.logprobs({ segments: [SEGMENT] })
  const weights = mergedWeights(trainer.weights)
  const [merged] = await segmentLogprobs({ segments: [SEGMENT], config: tinyConfig(family), weights })
  expected?.forEach((value, at) => expect(merged?.[at]).toBeCloseTo(value, 4))
  expect(weights.find(A)).toBeNull()
})

test('adapters are read back as they were saved, in the names and shapes of PEFT', async () => {
  const config = tinyConfig('qwen3_vl')
  const trainer = loraTrainer('qwen3_vl')
  await step(trainer)
  await saveAdapter({ directory, weights: trainer.weights, lora: LORA, base: 'checkpoints/base' })
  const file = await openSafetensors(join(directory, 'adapter_model.safetensors'))
  expect(file.tensors.get(`base_model.model.${A}`)?.shape).toEqual([3, 24])
  expect(file.tensors.get(`base_model.model.${B}`)?.shape).toEqual([48, 3])
  await file.close()
  const read = await readAdapter({ directory, config })
  expect(read).toMatchObject({ rank: 3, alpha: 6 })
  expect(read.layers).toEqual(adaptedLayers({ targets: LORA.targets, config }).map(({ name }) => name))
  for (const [name, value] of read.tensors)
    expect(await value.data()).toEqual(await trainer.weights.get(name).data())
  expect(read.tensors.size).toBe(2 * read.layers.length)
})

test('adapters of another model or of another kind are refused', async () => {
  const trainer = loraTrainer('qwen3_vl')
  await saveAdapter({ directory, weights: trainer.weights, lora: LORA, base: 'base' })
  const config = tinyConfig('qwen3_vl')
  const wider = { ...config, text: { ...config.text, intermediateSize: 41 } }
  await expect(readAdapter({ directory, config: wider })).rejects.toThrow(
    /down_proj\.lora_A\.weight: expected \[3, 41\], got \[3, 40\]; these adapters belong to another model/,
  )
  const path = join(directory, 'adapter_config.json')
  const given = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...given, use_dora: true }))
  await expect(readAdapter({ directory, config })).rejects.toThrow(/use_dora/)
})

test('a target is the end of a name in the language model, or of one in the vision tower where it says so', () => {
  const config = tinyConfig('qwen2_5_vl')
  const named = (...targets: string[]): string[] => adaptedLayers({ targets, config }).map(({ name }) => name)
  expect(named('gate_proj')).toEqual([
    'model.language_model.layers.0.mlp.gate_proj',
    'model.language_model.layers.1.mlp.gate_proj',
  ])
  expect(named('visual.mlp.gate_proj')).toEqual([
    'model.visual.blocks.0.mlp.gate_proj',
    'model.visual.blocks.1.mlp.gate_proj',
  ])
  expect(named('visual.merger.mlp.0')).toEqual(['model.visual.merger.mlp.0'])
  expect(() => named('q_proj', 'lm_head')).toThrow(/got lm_head; there are visual\.attn\.qkv, .*q_proj/)
  expect(() => named('proj')).toThrow(/got proj/)
})
