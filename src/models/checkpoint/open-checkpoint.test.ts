import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { openCheckpoint } from './open-checkpoint.js'
import { writeSafetensors } from './write-safetensors.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const VALUES = Float32Array.from([0, -0, 1, -1.5, 3.140625, 1e-3, 65504, 2 ** -24])
const tensor = (name: string, values = VALUES, shape = [2, 4]) => ({
  name,
  shape,
  read: () => Promise.resolve(values),
})

test('what is written is read back, and older names of parameters become those of today', async () => {
  await writeSafetensors({
    path: join(folder, 'model.safetensors'),
    tensors: [
      tensor('model.layers.0.mlp.up_proj.weight'),
      tensor('visual.merger.ln_q.weight', VALUES, [8]),
      tensor('lm_head.weight'),
    ],
  })
  const checkpoint = await openCheckpoint(folder)
  expect([...checkpoint.parameters.keys()]).toEqual([
    'model.language_model.layers.0.mlp.up_proj.weight',
    'model.visual.merger.ln_q.weight',
    'lm_head.weight',
  ])
  expect(await checkpoint.read('lm_head.weight')).toEqual(VALUES)
  expect(checkpoint.parameters.get('model.visual.merger.ln_q.weight')).toMatchObject({
    shape: [8],
    stored: 'visual.merger.ln_q.weight',
  })
  await expect(checkpoint.read('lm_head.bias')).rejects.toThrow(/lm_head\.bias/)
  await checkpoint.close()
})

test('bfloat16 is rounded to the nearest when it is written, and exact when it is read', async () => {
  const path = join(folder, 'model.safetensors')
  // Between two of them, to the even one; and one a little above the middle.
  const values = Float32Array.from([1, -2.5, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, NaN])
  await writeSafetensors({ path, tensors: [tensor('lm_head.weight', values, [6])], type: 'BF16' })
  const checkpoint = await openCheckpoint(folder)
  expect([...(await checkpoint.read('lm_head.weight'))]).toEqual([1, -2.5, 1, 1 + 2 ** -6, 1 + 2 ** -7, NaN])
  await checkpoint.close()
})

test('float16 is read exactly, numbers below its smallest normal one too', async () => {
  const halves = Uint16Array.from([0x3c00, 0xc100, 0x7bff, 0x0001, 0x03ff, 0x8000, 0x7c00, 0x0400])
  const header = Buffer.from(JSON.stringify({ w: { dtype: 'F16', shape: [8], data_offsets: [0, 16] } }))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  await writeFile(
    join(folder, 'model.safetensors'),
    Buffer.concat([length, header, Buffer.from(halves.buffer)]),
  )
  const checkpoint = await openCheckpoint(folder)
  expect([...(await checkpoint.read('w'))]).toEqual([
    1,
    -2.5,
    65504,
    2 ** -24,
    1023 * 2 ** -24,
    -0,
    Infinity,
    2 ** -14,
  ])
  await checkpoint.close()
})

test('shards are read as one', async () => {
  await writeSafetensors({ path: join(folder, 'model-1.safetensors'), tensors: [tensor('a')] })
  await writeSafetensors({ path: join(folder, 'model-2.safetensors'), tensors: [tensor('b', VALUES, [8])] })
  const index = { weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' } }
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index))
  const checkpoint = await openCheckpoint(folder)
  expect([...checkpoint.parameters.keys()]).toEqual(['a', 'b'])
  expect(await checkpoint.read('b')).toEqual(VALUES)
  await checkpoint.close()
  await rm(join(folder, 'model-2.safetensors'))
  await expect(openCheckpoint(folder)).rejects.toThrow(/model-2\.safetensors: expected a part/)
})

test('a file that is cut off, of no checkpoint, or not there is refused by name', async () => {
  await expect(openCheckpoint(folder)).rejects.toThrow(UsageError)
  const path = join(folder, 'model.safetensors')
  await writeSafetensors({ path, tensors: [tensor('a')] })
  await truncate(path, 100)
  await expect(openCheckpoint(folder)).rejects.toThrow(/tensor a: expected 32 bytes/)
  await writeFile(path, 'version https://git-lfs.github.com/spec/v1')
  await expect(openCheckpoint(folder)).rejects.toThrow(/expected a safetensors file/)
})

test('an index that is cut off, or names a folder, is refused by name', async () => {
  const path = join(folder, 'model.safetensors.index.json')
  await writeFile(path, '{"weight_map": {"a"')
  await expect(openCheckpoint(folder)).rejects.toThrow(UsageError)
  await mkdir(join(folder, 'model-1.safetensors'))
  await writeFile(path, JSON.stringify({ weight_map: { a: 'model-1.safetensors' } }))
  await expect(openCheckpoint(folder)).rejects.toThrow(/model-1\.safetensors: expected a part .* not a file/)
})
