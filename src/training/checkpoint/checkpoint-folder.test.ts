import { afterAll, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError } from '../../core/errors.js'
import { latestCheckpoint, openCheckpointFolder } from './checkpoint-folder.js'
import type { CheckpointState } from './checkpoint-state.js'

const root = await mkdtemp(join(tmpdir(), 'codevision-checkpoints-'))
afterAll(() => rm(root, { recursive: true }))

const stateAt = (step: number): CheckpointState => ({
  ...({ version: 1, kind: 'sft', totalSteps: 10, seed: 1, data: 'hash' } as const),
  step,
  order: { pass: 0, batch: step },
})

const saveText = (text: string) => async (directory: string) => {
  await mkdir(directory)
  await writeFile(join(directory, 'weights'), text)
}

test('the newest is found by its steps, and the oldest go', async () => {
  const path = join(root, 'newest')
  const folder = await openCheckpointFolder({ path, keep: 2 })
  expect(await folder.latest()).toBeNull()
  for (const step of [9, 10, 11])
    await folder.write({ state: stateAt(step), savePolicy: saveText(`at ${step}`) })
  expect((await readdir(path)).sort()).toEqual(['step-000010', 'step-000011'])
  const latest = await folder.latest()
  expect(latest?.state).toEqual(stateAt(11))
  expect(await readFile(join(latest?.policy ?? '', 'weights'), 'utf8')).toBe('at 11')
})

test('who only looks for the newest changes nothing, and finds none where nothing was written', async () => {
  const path = join(root, 'read')
  expect(await latestCheckpoint(path)).toBeNull()
  const folder = await openCheckpointFolder({ path, keep: 1 })
  await folder.write({ state: stateAt(3), savePolicy: saveText('at 3') })
  await mkdir(join(path, 'step-000004.partial'))
  expect((await latestCheckpoint(path))?.state.step).toBe(3)
  expect((await readdir(path)).sort()).toEqual(['step-000003', 'step-000004.partial'])
})

test('a checkpoint that could not be written whole leaves the one before, and nothing of itself', async () => {
  const path = join(root, 'torn')
  const folder = await openCheckpointFolder({ path, keep: 1 })
  await folder.write({ state: stateAt(1), savePolicy: saveText('good') })
  const half = async (directory: string) => {
    await saveText('half')(directory)
    throw new Error('the engine failed')
  }
  await expect(folder.write({ state: stateAt(2), savePolicy: half })).rejects.toThrow('the engine failed')
  expect(await readdir(path)).toEqual(['step-000001'])
})

test('a policy that the disk has no room for is told with what goes on from the checkpoint before', async () => {
  const path = join(root, 'full')
  const folder = await openCheckpointFolder({ path, keep: 1 })
  await folder.write({ state: stateAt(1), savePolicy: saveText('good') })
  const full = async (directory: string): Promise<never> => {
    const cause = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    throw new StoreError(`${directory} could not be written; choose another folder`, { cause })
  }
  await expect(folder.write({ state: stateAt(2), savePolicy: full })).rejects.toMatchObject({
    name: 'StoreError',
    message: `${join(path, 'step-000002')} could not be written: Error: ENOSPC: no space left on device; free space or permissions, then resume the run`,
  })
  expect(await readdir(path)).toEqual(['step-000001'])
})

test('what a killed writer left is removed, and never taken for a checkpoint', async () => {
  const path = join(root, 'killed')
  await saveText('half')(
    await mkdir(join(path, 'step-000005.partial'), { recursive: true }).then(() =>
      join(path, 'step-000005.partial', 'policy'),
    ),
  )
  const folder = await openCheckpointFolder({ path, keep: 1 })
  expect(await readdir(path)).toEqual([])
  expect(await folder.latest()).toBeNull()
})

test('a state of another version is an error that says what to do', async () => {
  const path = join(root, 'damaged')
  const folder = await openCheckpointFolder({ path, keep: 1 })
  const { path: written } = await folder.write({ state: stateAt(3), savePolicy: saveText('good') })
  await writeFile(join(written, 'state.json'), '{"version": 2}')
  await expect(folder.latest()).rejects.toThrow(`remove ${written} to go on from the one before`)
})
