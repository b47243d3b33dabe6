import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { StoreError, UsageError } from '../../core/errors.js'
import { restoreFolder, writeFolder } from './write-folder.js'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'write-folder-'))
})
afterEach(() => rm(parent, { recursive: true, force: true }))

const write = (text: string): Promise<void> =>
  writeFolder({
    directory: join(parent, 'checkpoint'),
    mark: 'state.json',
    write: (path) => writeFile(join(path, 'state.json'), text),
  })
const held = (): Promise<string> => readFile(join(parent, 'checkpoint/state.json'), 'utf8')

test('an earlier folder is replaced, and nothing else is left', async () => {
  await write('one')
  await write('two')
  expect(await held()).toBe('two')
  expect(await readdir(parent)).toEqual(['checkpoint'])
})

test('one that fails on its way leaves the earlier one as it was', async () => {
  await write('one')
  const failing = writeFolder({
    directory: join(parent, 'checkpoint'),
    mark: 'state.json',
    write: async (path) => {
      await writeFile(join(path, 'state.json'), 'half')
      throw new Error('stopped')
    },
  })
  await expect(failing).rejects.toThrow('stopped')
  expect(await held()).toBe('one')
  expect(await readdir(parent)).toEqual(['checkpoint'])
})

test('an earlier one that a killed process had put aside comes back', async () => {
  await write('one')
  await rename(join(parent, 'checkpoint'), join(parent, 'checkpoint.earlier'))
  const failing = writeFolder({
    directory: join(parent, 'checkpoint'),
    mark: 'state.json',
    write: () => Promise.reject(new Error('stopped')),
  })
  await expect(failing).rejects.toThrow('stopped')
  expect(await held()).toBe('one')
})

test('a folder of something else is not replaced, and a file in the way is told as such', async () => {
  await mkdir(join(parent, 'checkpoint'))
  await writeFile(join(parent, 'checkpoint/thesis.tex'), '')
  await expect(write('one')).rejects.toThrow(UsageError)
  await rm(join(parent, 'checkpoint'), { recursive: true })
  await writeFile(join(parent, 'checkpoint'), '')
  await expect(write('one')).rejects.toThrow(StoreError)
  const below = writeFolder({ directory: join(parent, 'checkpoint/x'), mark: 'mark', write: async () => {} })
  await expect(below).rejects.toThrow(StoreError)
})

test('where the system refuses to make folders, that is told instead of waiting for ever', async () => {
  const refused = writeFolder({ directory: '/proc/checkpoint/x', mark: 'mark', write: async () => {} })
  await expect(refused).rejects.toThrow(StoreError)
})

test('who reads a folder that was being replaced gets the earlier one, and never in place of another', async () => {
  const [place, earlier] = [join(parent, 'checkpoint'), join(parent, 'checkpoint.earlier')]
  await restoreFolder(place)
  expect(await readdir(parent)).toEqual([])
  await write('one')
  await rename(place, earlier)
  await restoreFolder(place)
  expect(await held()).toBe('one')
  await mkdir(earlier)
  await restoreFolder(place)
  expect(await held()).toBe('one')
})
