import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { openBackend } from '../backend/open-backend.js'
import { readModelConfig } from '../config/read-config.js'
import { writeTinyCheckpoint } from '../testing/tiny-checkpoint.js'
import { parameterShapes } from '../weights/parameter-shapes.js'
import { countParameters } from './count-parameters.js'

test('the parameters of a checkpoint are counted from its files, as many as its configuration has', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'codevision-count-'))
  try {
    await openBackend('cpu')
    await writeTinyCheckpoint({ directory, family: 'qwen3_vl' })
    const shapes = [...parameterShapes(await readModelConfig(directory)).values()]
    const expected = shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0)
    expect(await countParameters(directory)).toBe(expected)
  } finally {
    await rm(directory, { recursive: true })
  }
})
