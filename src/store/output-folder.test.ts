import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { StoreError } from '../core/errors.js'
import { openOutputFolder } from './output-folder.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-output-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('openOutputFolder', () => {
  test('makes the folder, leaves no trace of its trial, and writes what it is given', async () => {
    const output = await openOutputFolder(join(folder, 'a/b'))
    expect(await readdir(output.path)).toEqual([])
    await output.write('x.json', '{}')
    expect(await readFile(join(output.path, 'x.json'), 'utf8')).toBe('{}')
    await output.removeIfEmpty()
    expect(await readdir(output.path)).toEqual(['x.json'])
  })

  test('a folder that nothing was written into can be taken back', async () => {
    const output = await openOutputFolder(join(folder, 'empty'))
    await output.removeIfEmpty()
    expect(await readdir(folder)).not.toContain('empty')
  })

  test('those above it that were made with it are taken back too, and one that was there is left', async () => {
    await (await openOutputFolder(join(folder, 'deep/in/it'))).removeIfEmpty()
    expect(await readdir(folder)).not.toContain('deep')
    await mkdir(join(folder, 'own'))
    await (await openOutputFolder(join(folder, 'own'))).removeIfEmpty()
    expect(await readdir(folder)).toContain('own')
  })

  test('of a folder that cannot be made whole nothing is left', async () => {
    const opening = openOutputFolder(join(folder, 'half', 'x'.repeat(300)))
    await expect(opening).rejects.toThrow(StoreError)
    expect(await readdir(folder)).not.toContain('half')
  })

  test('says at once that a folder cannot be made, and which option names it', async () => {
    await writeFile(join(folder, 'file'), '')
    const opening = openOutputFolder(join(folder, 'file/runs'))
    await expect(opening).rejects.toThrow(StoreError)
    await expect(opening).rejects.toThrow(/file\/runs could not be made: .*ENOTDIR.*--output/)
  })

  test('says at once that a folder cannot be written', async () => {
    // A folder of the kernel, which nobody can write files into, root included.
    const opening = openOutputFolder('/proc')
    await expect(opening).rejects.toThrow(StoreError)
    await expect(opening).rejects.toThrow(/\/proc\/\.trial could not be written: .*--output/)
  })
})
