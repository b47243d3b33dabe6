import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { loadEvaluationConfig } from './evaluation-config.js'
import { readYaml } from './read-yaml.js'
import { loadGrpoConfig, loadSftConfig } from './training-config.js'

const folder = fileURLToPath(new URL('../../configs/train', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'))
const BACKBONES = {
  'qwen2.5-vl-7b': 'Qwen2.5-VL-7B-Instruct',
  'qwen3-vl-8b-thinking': 'Qwen3-VL-8B-Thinking',
  'qwen3-vl-32b-thinking': 'Qwen3-VL-32B-Thinking',
}

/** Paper, sections 3 and 4, and its release. */
const SFT = { passes: 2, batch: 128, schedule: 'cosine', warmup: 0.05 }
const GRPO = {
  ...{ batch: 64, groupSize: 8, miniBatch: 32, schedule: 'constant', maxGradientNorm: 1 },
  ...{ clipLow: 0.2, clipHigh: 0.28, dualClip: 10, klPenalty: 'low_var_kl', klCoefficient: 0.001 },
}

/** Adapters have ten times the learning rate of all weights. */
function rateOf(name: string): number {
  return name.includes('-lora-') ? 10 : 1
}

test('every file is a training of this program or of LLaMA-Factory', () => {
  expect(names.filter((name) => !/^(sft|grpo|llamafactory)-/.test(name))).toEqual([])
  expect(names.filter((name) => !name.startsWith('llamafactory'))).toHaveLength(4 + 4 * 3)
})

test.each(names.filter((name) => name.startsWith('sft-')))(
  '%s has the numbers of its source',
  async (name) => {
    const { training, maxPixels, data } = await loadSftConfig({ path: join(folder, name) })
    expect(training).toMatchObject(SFT)
    expect(training).toMatchObject(
      name.startsWith('sft-paper')
        ? { aggregation: 'token-mean' }
        : { aggregation: 'micro-batch-token-mean', microBatch: 4 },
    )
    expect(training.learningRate).toBeCloseTo((name.startsWith('sft-paper') ? 5e-6 : 1e-5) * rateOf(name), 12)
    expect({ maxPixels, data }).toEqual({ maxPixels: 262_144, data: [join(root, 'runs/curated')] })
  },
)

test.each(names.filter((name) => name.startsWith('grpo-')))(
  '%s has the numbers of its source',
  async (name) => {
    const config = await loadGrpoConfig({ path: join(folder, name) })
    const isPaper = name.startsWith('grpo-paper')
    expect(config.training).toMatchObject({
      ...GRPO,
      ...(isPaper
        ? { passes: 2, aggregation: 'token-mean' }
        : { passes: 1, aggregation: 'micro-batch-token-mean', microBatch: 1 }),
    })
    expect(config.training.learningRate).toBeCloseTo(1e-6 * rateOf(name), 12)
    expect(config.model.temperature).toBe(1)
    expect([config.reward.variant, config.sandbox.profile, config.agent.feedback]).toEqual(
      isPaper ? ['paper', 'standard', 'standard'] : ['release', 'release', 'release'],
    )
    expect(config.data).toBe(join(root, 'rl/rows.parquet'))
  },
)

const trainings = Object.entries(BACKBONES).flatMap(([backbone, folderName]) =>
  ['paper-lora', 'release-lora'].map((source) => ({ backbone, folderName, source })),
)
test.each(trainings)(
  '$backbone, $source: adapters on the torch engine, and GRPO begins with what SFT ends with',
  async ({ backbone, folderName, source }) => {
    const name = `${source}-${backbone}.yaml`
    const sft = await loadSftConfig({ path: join(folder, `sft-${name}`) })
    const grpo = await loadGrpoConfig({ path: join(folder, `grpo-${name}`) })
    const model = { kind: 'torch', dtype: 'bfloat16', train: 'lora', freezeVision: true, checkpointing: true }
    expect(sft.model).toMatchObject({ ...model, path: join(root, 'models', folderName) })
    expect(grpo.model).toMatchObject({
      ...model,
      path: join(root, 'runs', sft.name, 'checkpoints/step-000078/policy'),
    })
    expect(grpo.agent).toMatchObject({ turns: 12, tokensPerTurn: 16_384, totalTokens: 32_768 })
    expect([grpo.agent.minPixels, grpo.agent.maxPixels]).toEqual([28 * 28, 8192 * 28 * 28])
    const filter = await loadEvaluationConfig({
      path: join(root, 'configs/filter/grpo-limits.yaml'),
      overrides: { data: 'rows.parquet' },
    })
    const { turns, tokensPerTurn, totalTokens, minPixels, maxPixels } = filter.agent
    expect(grpo.agent).toMatchObject({ turns, tokensPerTurn, totalTokens, minPixels, maxPixels })
    expect(filter.policy).toMatchObject({ temperature: grpo.model.temperature, topP: 1 })
  },
)

test.each(names.filter((name) => name.startsWith('llamafactory')))(
  '%s says the same as the paper says here',
  async (name) => {
    const { value } = await readYaml(join(folder, name))
    const { training, maxPixels } = await loadSftConfig({ path: join(folder, 'sft-paper.yaml') })
    const { passes, learningRate, schedule, warmup } = training
    expect(value).toMatchObject({
      ...{ num_train_epochs: passes, learning_rate: learningRate, lr_scheduler_type: schedule },
      ...{ warmup_ratio: warmup, image_max_pixels: maxPixels, bf16: true },
      ...{ freeze_vision_tower: true, freeze_multi_modal_projector: true },
    })
  },
)
