import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { openRun } from '../store/open-run.js'
import { startingModel } from './starting-model.js'

const root = await mkdtemp(join(tmpdir(), 'codevision-starting-'))
afterAll(() => rm(root, { recursive: true }))

async function runOf(model: string): Promise<string> {
  const path = join(await mkdtemp(join(root, 'run-')), 'run')
  const manifest = { identity: { head: { policy: { model } } }, config: {}, environment: {} }
  await (await openRun({ path, mode: 'create', manifest })).close()
  return path
}

test.each([
  ['base@0123456789ab/wasm', '0123456789ab'],
  ['a@b@0123456789ab/node', '0123456789ab'],
  ['base@0123456789ab/torch-cuda-bfloat16', '0123456789ab/bfloat16'],
  ['table', 'table'],
])('of %s a training keeps %s', async (model, kept) => {
  expect(await startingModel({ resumed: null, model })).toBe(kept)
})

test('a run that recorded folder and backend goes on with others', async () => {
  const resumed = await runOf('base@0123456789ab/node')
  expect(await startingModel({ resumed, model: 'moved@0123456789ab/wasm' })).toBe('base@0123456789ab/node')
  const torch = await runOf('base@0123456789ab/torch-cuda-bfloat16')
  expect(await startingModel({ resumed: torch, model: 'base@0123456789ab/torch-cpu-bfloat16' })).toBe(
    'base@0123456789ab/torch-cuda-bfloat16',
  )
})

test('other weights, or another type of numbers, are told apart from what was recorded', async () => {
  const resumed = await runOf('base@0123456789ab/torch-cuda-bfloat16')
  for (const [model, name] of [
    ['base@ba9876543210/torch-cuda-bfloat16', 'ba9876543210/bfloat16'],
    ['base@0123456789ab/torch-cuda-float32', '0123456789ab/float32'],
  ] as const)
    expect(await startingModel({ resumed, model })).toBe(name)
})
