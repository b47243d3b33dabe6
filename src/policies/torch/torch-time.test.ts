import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { loadGrpoConfig } from '../../config/training-config.js'
import type { ModelConfig } from '../../models/config/model-config.js'
import { parseModelConfig } from '../../models/config/read-config.js'
import { torchMemory } from './torch-memory.js'
import { torchTime, type StepWork } from './torch-time.js'

const benchmark = (name: string): string => new URL(`../../../benchmarks/perf/${name}`, import.meta.url).href
const { BACKBONES } = (await import(benchmark('backbones.mjs'))) as {
  BACKBONES: Record<string, { config: unknown }>
}
const { TRAINED_ON } = (await import(benchmark('trained-on.mjs'))) as {
  TRAINED_ON: Record<string, { gpu: { bytesPerSecond: number; flops: number }; work: StepWork }>
}
const configOf = (name: string): ModelConfig =>
  parseModelConfig({ value: BACKBONES[name]?.config, where: name })

const config = configOf('qwen2.5-vl-7b')
const gpu = { bytesPerSecond: 2e12, flops: 1e15 }
const work = { rollouts: 4, concurrency: 2, turns: 3, given: 900, written: 100 }

test('a token takes the launches of its layers, and the weights and conversations at half the bandwidth', () => {
  const { parameters, weights, perToken } = torchMemory({ config, train: 'lora', rank: 16, tokens: 0 })
  const perWritten = 28 * 0.001 + (weights + 2 * perToken * 1000) / 1e12
  const reading = (2 * parameters * 4 * 3 * 1000) / 0.4e15
  const time = torchTime({ config, train: 'lora', rank: 16, work, gpu })
  expect(time.rollouts).toBeCloseTo((4 * 100 * perWritten) / 2 + reading, 9)
})

test('training goes over each token five times, and six where all weights are trained', () => {
  const { parameters } = torchMemory({ config, train: 'lora', rank: 16, tokens: 0 })
  const once = (2 * parameters * 4 * 1000) / 0.4e15
  expect(torchTime({ config, train: 'lora', rank: 16, work, gpu }).training).toBeCloseTo(5 * once, 9)
  const full = torchTime({ config, train: 'full', rank: 16, work, gpu })
  expect(full.training).toBeCloseTo(6 * once, 9)
  expect(full.step).toBeCloseTo(full.rollouts + full.training, 9)
})

test.each(Object.keys(BACKBONES))(
  '%s: the deadline that is shipped is three times the rollouts, for the same number together',
  async (name) => {
    const { gpu: own, work: usual } = TRAINED_ON[name] ?? { gpu, work }
    const { rollouts } = torchTime({ config: configOf(name), train: 'lora', rank: 16, work: usual, gpu: own })
    for (const source of ['paper', 'release']) {
      const file = `../../../configs/train/grpo-${source}-lora-${name}.yaml`
      const { training } = await loadGrpoConfig({ path: fileURLToPath(new URL(file, import.meta.url)) })
      expect(training.concurrency).toBe(usual.concurrency)
      expect(training.batch * training.groupSize).toBe(usual.rollouts)
      expect((training.deadlineSeconds ?? 0) / rollouts).toBeCloseTo(3, 0)
    }
  },
)
