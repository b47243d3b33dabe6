import { expect, test } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import { toolsSchema } from '../../config/tool-schema.js'
import { loadGrpoSettings } from '../../config/training-config.js'
import type { GrpoConfig } from '../../config/training-schema.js'
import type { TrainedArm } from './arm.js'
import { armConfig } from './arm-config.js'
import { openStudy } from './open-study.js'
import type { StudyName } from './study.js'
import { FULL_ARM } from './list/common-arms.js'

const base = await loadGrpoSettings({
  path: fileURLToPath(new URL('../../../configs/mini/study.yaml', import.meta.url)),
})
const OCR = toolsSchema.parse([{ name: 'ocr', kind: 'builtin', builtin: 'ocr' }])
const choices = { heldOut: ['rotate_90'], beta1: [0, 1], beta2: [0, 0.5], rowCounts: [32] } as const

function resolved(
  arm: TrainedArm,
  changes: {
    base?: GrpoConfig
    seed?: number
    folder?: string
    rows?: string
    start?: string
    steps?: number
  } = {},
) {
  const { folder = '/runs/arms', rows = 'boards', seed = 0, start = 'abc', steps } = changes
  return armConfig({
    base: changes.base ?? base,
    ...{ arm, seed, folder },
    start: { path: `${folder}/sft`, fingerprint: start },
    rows: { identity: rows, data: `${folder}/rows.parquet`, steps },
    measured: { identity: 'held', data: `${folder}/held.parquet`, every: 10 },
    agent: { prompt: 'hash' },
  })
}

function identities(name: StudyName): string[] {
  return openStudy({ name, choices, hasTrained: false }).arms.flatMap(({ arm }) =>
    arm.kind === 'trained' ? [resolved(arm).identity] : [],
  )
}

test('studies share the arms that they have in common', () => {
  const [full, withoutStrategy, withoutPenalty] = identities('reward-ablation')
  const [, atHalf, atNone, paper] = identities('beta-sweep')
  expect([paper, atHalf, atNone]).toEqual([full, withoutStrategy, withoutPenalty])
  for (const name of ['cold-start', 'scaling', 'beyond-transforms'] as const)
    expect(identities(name)).toContain(full)
  expect(new Set(identities('beta-sweep')).size).toBe(4)
})

test('an arm is told by what decides what it learns', () => {
  const { identity } = resolved(FULL_ARM)
  const changed = { ...base, training: { ...base.training, learningRate: 1 } }
  const others = [
    resolved(FULL_ARM, { seed: 1 }),
    resolved(FULL_ARM, { rows: 'others' }),
    resolved(FULL_ARM, { start: 'def' }),
    resolved(FULL_ARM, { base: changed }),
    resolved({ ...FULL_ARM, reward: { beta1: 0 } }),
  ].map((other) => other.identity)
  expect(new Set([identity, ...others]).size).toBe(6)
})

test('neither the places of files nor how fast it is make another arm', () => {
  const { identity } = resolved(FULL_ARM)
  const slower = {
    ...base,
    model: { ...base.model, backend: 'wasm' as const },
    training: { ...base.training, concurrency: 1 },
    checkpoints: { every: 1, keep: 1 },
  } as GrpoConfig
  expect(resolved(FULL_ARM, { folder: '/elsewhere', base: slower }).identity).toBe(identity)
})

test('scoring, judge, functions that code can call and how weights are kept make another arm', () => {
  const changes: Partial<GrpoConfig>[] = [
    {},
    { scoring: 'codevision' },
    { judge: { model: 'judge', reading: 'exact' } },
    { sandbox: { ...base.sandbox, profile: 'release' } },
    { sandbox: { ...base.sandbox, tools: OCR } },
    { model: { ...base.model, savedType: 'BF16' } as GrpoConfig['model'] },
    { evaluation: { data: 'held.parquet', every: 10, deadlineSeconds: 60 } },
  ]
  const found = changes.map((change) => resolved(FULL_ARM, { base: { ...base, ...change } }).identity)
  expect(new Set(found).size).toBe(changes.length)
  const elsewhere = { model: 'judge', reading: 'exact', baseUrl: 'http://there', concurrency: 2 } as const
  expect(resolved(FULL_ARM, { base: { ...base, judge: elsewhere } }).identity).toBe(found[2])
})

test('an arm on fewer rows has the steps of the others, and evaluations keep their deadline', () => {
  const held = { data: 'own.parquet', every: 3, deadlineSeconds: 60 }
  const { config } = resolved(FULL_ARM, { base: { ...base, evaluation: held }, steps: 36 })
  expect(config.training).toEqual({ ...base.training, steps: 36 })
  expect(config.evaluation).toMatchObject({ data: '/runs/arms/held.parquet', every: 10, deadlineSeconds: 60 })
  expect(resolved(FULL_ARM, { steps: 36 }).identity).not.toBe(resolved(FULL_ARM, { steps: 35 }).identity)
})

test('the configuration of an arm has its reward, rows, seed and checkpoint, and the name of its run', () => {
  const { config, identity } = resolved({ ...FULL_ARM, reward: { beta2: 0 } }, { seed: 3 })
  expect(config).toMatchObject({
    ...{ seed: 3, output: '/runs/arms', name: `sft-${identity}`, data: '/runs/arms/rows.parquet' },
    model: { path: '/runs/arms/sft' },
    reward: { variant: 'paper', weights: { beta1: 1, beta2: 0 } },
    evaluation: { data: '/runs/arms/held.parquet', every: 10 },
  })
})
