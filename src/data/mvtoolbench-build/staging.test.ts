import { afterAll, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError } from '../../core/errors.js'
import { inStaging } from './staging.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-staging-'))
afterAll(() => rm(folder, { recursive: true }))

test('what a killed build left is gone, and what is made stands in its place', async () => {
  const own = join(folder, 'new', 'deep')
  await mkdir(join(own, '.x.partial'), { recursive: true })
  await writeFile(join(own, '.x.partial', 'old'), 'half')
  const result = await inStaging({
    folder: own,
    staging: '.x.partial',
    make: async (path) => {
      await mkdir(join(path, 'images'))
      await writeFile(join(path, 'rows'), 'whole')
      expect(await readdir(own)).toEqual(['.x.partial'])
      return 7
    },
  })
  expect(result).toBe(7)
  expect((await readdir(own)).sort()).toEqual(['images', 'rows'])
  expect(await readFile(join(own, 'rows'), 'utf8')).toBe('whole')
})

test('a disk that is full leaves nothing, and the error says what to do', async () => {
  const own = join(folder, 'full')
  const full = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC' })
  const making = inStaging({
    folder: own,
    staging: '.x.partial',
    make: async (path) => {
      await writeFile(join(path, 'rows'), 'half')
      throw full
    },
  })
  await expect(making).rejects.toThrow(StoreError)
  await expect(making).rejects.toThrow(/full cannot be written: .*no space left.*another --output/)
  expect(await readdir(own)).toEqual([])
})

test('a folder that cannot be made is told', async () => {
  await writeFile(join(folder, 'file'), '')
  const making = inStaging({ folder: join(folder, 'file'), staging: '.x', make: () => Promise.resolve(0) })
  await expect(making).rejects.toThrow(/file could not be made: .*--output/)
})
