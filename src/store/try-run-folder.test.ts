import { afterAll, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError, UsageError } from '../core/errors.js'
import { openRun } from './open-run.js'
import { tryRunFolder } from './try-run-folder.js'

const root = await mkdtemp(join(tmpdir(), 'codevision-try-run-'))
afterAll(() => rm(root, { recursive: true }))

const identity = { training: { settings: { learningRate: 1 } }, dataset: { rows: 3 } }

async function begun(name: string): Promise<string> {
  const path = join(root, name)
  const manifest = { identity: { ...identity, head: { policy: 'a model' } }, config: {}, environment: {} }
  await (await openRun({ path, mode: 'create', manifest })).close()
  return path
}

test('a folder that can be written is found good, and nothing is left in it', async () => {
  await tryRunFolder({ path: join(root, 'new', 'in', 'run'), mode: 'create', identity })
  expect(await readdir(root)).not.toContain('new')
  await mkdir(join(root, 'own'))
  await tryRunFolder({ path: join(root, 'own'), mode: 'create', identity })
  expect(await readdir(join(root, 'own'))).toEqual([])
})

test('a run that is there already is refused, and left as it is', async () => {
  const path = await begun('there')
  const before = await readdir(path)
  await expect(tryRunFolder({ path, mode: 'create', identity })).rejects.toThrow(/holds a run already/)
  expect(await readdir(path)).toEqual(before)
})

test('of what a run was made with, the parts that are known are compared, each whole', async () => {
  const path = await begun('resumed')
  await tryRunFolder({ path, mode: 'resume', identity })
  const other = { ...identity, training: { settings: { learningRate: 2 } } }
  await expect(tryRunFolder({ path, mode: 'resume', identity: other })).rejects.toThrow(
    'training.settings.learningRate: 1 in the run, 2 now',
  )
  const lacking = { ...identity, training: { settings: {} } }
  await expect(tryRunFolder({ path, mode: 'resume', identity: lacking })).rejects.toThrow(UsageError)
  await tryRunFolder({ path, mode: 'resume', identity: { dataset: { rows: 3 } } })
  await expect(tryRunFolder({ path: join(root, 'never'), mode: 'resume', identity })).rejects.toThrow(
    'Begin it without --resume.',
  )
})

test('a run that is being written is told, and can be resumed when its writer is done', async () => {
  const path = await begun('written')
  const writer = await openRun({ path, mode: 'append' })
  const before = await readdir(path)
  await expect(tryRunFolder({ path, mode: 'resume', identity })).rejects.toThrow(
    `This run is being written by process ${process.pid}`,
  )
  expect(await readdir(path)).toEqual(before)
  await writer.close()
  await tryRunFolder({ path, mode: 'resume', identity })
})

test('a folder that cannot be made is told', async () => {
  await mkdir(join(root, 'blocked'))
  await writeFile(join(root, 'blocked', 'file'), '')
  const path = join(root, 'blocked', 'file', 'run')
  await expect(tryRunFolder({ path, mode: 'create', identity })).rejects.toThrow(StoreError)
})
