import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { openCheckpoint } from '../../models/checkpoint/open-checkpoint.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { openModel } from '../../models/open-model.js'
import { shapeSchema } from './mini-shape.js'
import { shipCheckpoint } from './ship-checkpoint.js'
import { writeMiniCheckpoint } from './write-mini-checkpoint.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-ship-'))
  await openBackend('wasm')
  const shape = shapeSchema.parse({ layers: 1, visionDepth: 2 })
  await writeMiniCheckpoint({ directory: join(folder, 'from'), shape, seed: 1 })
})
afterAll(() => rm(folder, { recursive: true }))

test('a checkpoint is shipped with the nearest BF16 weights, half as large, and opens as a model', async () => {
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  await shipCheckpoint({ from, to })
  await writeFile(join(to, 'README.md'), 'a card')
  await shipCheckpoint({ from, to })
  expect(await readFile(join(to, 'README.md'), 'utf8')).toBe('a card')
  expect((await readdir(to)).filter((name) => name !== 'README.md')).toEqual((await readdir(from)).sort())
  const size = async (path: string): Promise<number> => (await stat(join(path, 'model.safetensors'))).size
  expect((await size(to)) / (await size(from))).toBeCloseTo(0.5, 1)

  const [whole, shipped] = [await openCheckpoint(from), await openCheckpoint(to)]
  expect([...shipped.parameters.keys()].sort()).toEqual([...whole.parameters.keys()].sort())
  for (const [name, { type }] of shipped.parameters) {
    expect(type).toBe('BF16')
    const [values, near] = [await whole.read(name), await shipped.read(name)]
    // Eight bits of significand.
    expect(values.every((value, at) => Math.abs((near[at] ?? NaN) - value) <= Math.abs(value) / 256)).toBe(
      true,
    )
  }
  await Promise.all([whole.close(), shipped.close()])
  const model = await openModel(to)
  model.weights.dispose()
  expect(JSON.parse(await readFile(join(to, 'config.json'), 'utf8'))).toMatchObject({ dtype: 'bfloat16' })
})

test('what is no checkpoint is refused', async () => {
  await expect(shipCheckpoint({ from: folder, to: join(folder, 'other') })).rejects.toThrow(UsageError)
})
