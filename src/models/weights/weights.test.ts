import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { openBackend } from '../backend/open-backend.js'
import { openCheckpoint } from '../checkpoint/open-checkpoint.js'
import { tinyModel } from '../testing/tiny-model.js'
import { loadWeights } from './load-weights.js'
import { newWeights } from './new-weights.js'
import { saveWeights } from './save-weights.js'

let directory: string
beforeAll(() => openBackend('cpu'))
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weights-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test.each(['qwen2_5_vl', 'qwen3_vl'] as const)(
  'weights of %s are read back as they were saved',
  async (family) => {
    const { config, weights } = tinyModel(family)
    await saveWeights({ directory, config, weights })
    const checkpoint = await openCheckpoint(directory)
    const loaded = await loadWeights({ checkpoint, config })
    await checkpoint.close()
    expect(loaded.names).toEqual(weights.names)
    for (const name of weights.names) {
      expect(loaded.get(name).shape).toEqual(weights.get(name).shape)
      expect(await loaded.get(name).data()).toEqual(await weights.get(name).data())
    }
  },
)

test('the same seed gives the same weights, another gives others; learned positions are as wide as is asked for', async () => {
  const { config, weights } = tinyModel('qwen3_vl')
  const numbersOf = async (seed: number, name: string): Promise<Float32Array> =>
    (await newWeights({ config, initialization: { seed, positionDeviation: 3 } })
      .get(name)
      .data()) as Float32Array
  const name = 'model.visual.blocks.0.attn.qkv.weight'
  expect(await numbersOf(5, name)).toEqual(await weights.get(name).data())
  expect(await numbersOf(6, name)).not.toEqual(await weights.get(name).data())
  const deviation = (values: Float32Array): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
  expect(deviation(await numbersOf(5, name))).toBeCloseTo(0.3, 1)
  expect(deviation(await numbersOf(5, 'model.visual.pos_embed.weight'))).toBeGreaterThan(2)
})

test('a checkpoint that lacks parameters, or has one of another shape, is refused by name before any is read', async () => {
  const { config } = tinyModel('qwen3_vl')
  const other = tinyModel('qwen2_5_vl')
  await saveWeights({ directory, ...other })
  const checkpoint = await openCheckpoint(directory)
  const given = { parameters: checkpoint.parameters, read: () => Promise.reject(new Error('read too early')) }
  await expect(loadWeights({ checkpoint: given, config })).rejects.toThrow(
    /got one without \d+ of them: model\.visual/,
  )
  const wider = { ...other.config, text: { ...other.config.text, intermediateSize: 41 } }
  await expect(loadWeights({ checkpoint: given, config: wider })).rejects.toThrow(
    /mlp\.gate_proj\.weight: expected \[41, 24\] by config\.json, got \[40, 24\]/,
  )
  await checkpoint.close()
})
