import { expect, test } from '@jest/globals'
import { fileURLToPath } from 'node:url'
import { loadGrpoConfig } from '../../../config/training-config.js'
import { UsageError } from '../../../core/errors.js'
import { modelOn } from './mini-engine.js'

const path = fileURLToPath(new URL('../../../../configs/mini/grpo.yaml', import.meta.url))
const { model } = await loadGrpoConfig({ path })

test('the shipped configuration is trained whole on either engine, the vision tower too', () => {
  expect(modelOn({ engine: 'tfjs', model })).toBe(model)
  const other = modelOn({ engine: 'torch', model })
  const { path: from, temperature, optimizer } = model
  expect(other).toMatchObject({
    kind: 'torch',
    path: from,
    temperature,
    optimizer,
    train: 'full',
    freezeVision: false,
  })
  expect(modelOn({ engine: 'torch', model: other })).toBe(other)
})

test('what the other engine would train otherwise is refused', () => {
  const adapted = {
    ...model,
    trains: { kind: 'lora', rank: 4, alpha: 8, targets: ['q_proj'] },
  } as typeof model
  expect(() => modelOn({ engine: 'torch', model: adapted })).toThrow(UsageError)
  const torch = modelOn({ engine: 'torch', model })
  expect(() => modelOn({ engine: 'tfjs', model: torch })).toThrow('take --engine torch')
})
