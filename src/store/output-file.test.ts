import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { StoreError, UsageError } from '../core/errors.js'
import { openOutputFile } from './output-file.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-output-file-'))
})
afterAll(() => rm(folder, { recursive: true }))

const open = (name: string) => openOutputFile({ path: join(folder, name), option: '--json' })

test('folders that it lies in are made, and what was there stays until it is written', async () => {
  const file = await open('a/b/figures.json')
  expect(await readdir(join(folder, 'a/b'))).toEqual([])
  await file.write('{}')
  const again = await open('a/b/figures.json')
  expect(await readFile(file.path, 'utf8')).toBe('{}')
  await again.write('[]')
  expect(await readFile(file.path, 'utf8')).toBe('[]')
})

test('a folder is refused, and a place that nothing can be written to, before there is anything to write', async () => {
  await expect(openOutputFile({ path: folder, option: '--json' })).rejects.toThrow(UsageError)
  await writeFile(join(folder, 'file'), '')
  await expect(open('file/figures.json')).rejects.toThrow(StoreError)
  await expect(open('file/figures.json')).rejects.toThrow(/could not be made: .*--json/)
})

test('a device is written to and not replaced', async () => {
  const file = await openOutputFile({ path: '/dev/null', option: '--json' })
  await file.write('{}')
  expect(await readFile('/dev/null', 'utf8')).toBe('')
})
