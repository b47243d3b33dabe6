import { expect, test } from '@jest/globals'
import { sftSchema } from '../config/training-schema.js'
import { tinyConfig } from '../models/testing/tiny-config.js'
import { modelPart } from '../models/train/model-part.js'
import { parameterShapes } from '../models/weights/parameter-shapes.js'
import { whatIsTrained } from './what-is-trained.js'

const config = tinyConfig('qwen3_vl')
const told = (model: object): string =>
  whatIsTrained({
    config,
    model: sftSchema.parse({ data: 'a.jsonl', model: { path: 'base', ...model } }).model,
  })

function of(part: string): string {
  const own = [...parameterShapes(config)].filter(([name]) => modelPart(name) === part)
  const count = own.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0)
  return `${part} ${count.toLocaleString('en-US')}`
}
const text = `${of('language')}, ${of('embeddings')}`
const tower = `${of('vision')}, ${of('projector')}`

test('a training says the same on both engines where they train the same: all, or the text model alone', () => {
  const all = `Parameters that are trained: ${text}, ${tower}; frozen: none`
  expect(told({ kind: 'tfjs' })).toBe(all)
  expect(told({ kind: 'torch' })).toBe(all)
  const alone = `Parameters that are trained: ${text}; frozen: ${tower}`
  expect(told({ kind: 'tfjs', trains: { kind: 'parts', parts: ['language', 'embeddings'] } })).toBe(alone)
  expect(told({ kind: 'torch', freezeVision: true })).toBe(alone)
})

test('adapters are counted, and all parts of the model are frozen', () => {
  // Of two layers; each layer's adapters are rank × (in + out).
  const layers = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']
  const sides = [...parameterShapes(config)].filter(([name]) =>
    layers.some((layer) => name.startsWith('model.language_model.') && name.endsWith(`${layer}.weight`)),
  )
  const count = sides.reduce((sum, [, [out = 0, from = 0]]) => sum + 4 * (out + from), 0)
  const adapted = `Parameters that are trained: adapters of rank 4 ${count.toLocaleString('en-US')}; frozen: ${text}, ${tower}`
  expect(told({ kind: 'tfjs', trains: { kind: 'lora', rank: 4, alpha: 8 } })).toBe(adapted)
  expect(told({ kind: 'torch', train: 'lora', lora: { rank: 4, alpha: 8 } })).toBe(adapted)
})
