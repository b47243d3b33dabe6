import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { StoreError } from '../core/errors.js'
import { makeFolder } from './make-folder.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-folder-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('makes what is missing, and minds nothing that is there', async () => {
  const path = join(folder, 'a/b/c')
  await makeFolder(path)
  await makeFolder(path)
  expect((await stat(path)).isDirectory()).toBe(true)
})

test('two at once make the same folder', async () => {
  const path = join(folder, 'x/y')
  await Promise.all([makeFolder(join(folder, 'x')), makeFolder(join(folder, 'x'))])
  await Promise.all([makeFolder(path), makeFolder(path)])
  expect((await stat(path)).isDirectory()).toBe(true)
})

test('a file in the way is named', async () => {
  const file = join(folder, 'file')
  await writeFile(file, '')
  await expect(makeFolder(file)).rejects.toThrow(/file could not be made: .*EEXIST/)
  await expect(makeFolder(join(file, 'runs'))).rejects.toThrow(/ENOTDIR/)
})

test('a system that makes no folder there is told, and not asked again and again', async () => {
  await expect(makeFolder('/proc/codevision-runs')).rejects.toThrow(StoreError)
  await expect(makeFolder('/proc/codevision/runs')).rejects.toThrow(/could not be made: .*ENOENT/)
})
