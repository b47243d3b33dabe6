import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { removeTree } from './remove-tree.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-tree-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

test('a folder goes with all that is in it, a file alone, and nothing where there is nothing', async () => {
  await mkdir(join(folder, 'a/b/c'), { recursive: true })
  await writeFile(join(folder, 'a/b/file'), 'x')
  await writeFile(join(folder, 'file'), 'x')
  await removeTree(join(folder, 'a'))
  await removeTree(join(folder, 'file'))
  await removeTree(join(folder, 'nothing'))
  expect(await readdir(folder)).toEqual([])
})

test('a link goes, and what it leads to stays', async () => {
  await mkdir(join(folder, 'precious'))
  await writeFile(join(folder, 'precious/file'), 'x')
  await mkdir(join(folder, 'tree'))
  await symlink(join(folder, 'precious'), join(folder, 'tree/link'))
  await removeTree(join(folder, 'tree'))
  expect(await readdir(folder)).toEqual(['precious'])
  expect(await readdir(join(folder, 'precious'))).toEqual(['file'])
})

test('a hostile process that swaps folders for links while they are removed gains nothing', async () => {
  const precious = join(folder, 'precious')
  await mkdir(precious)
  await writeFile(join(precious, 'file'), 'x')
  const place = join(folder, 'place')
  const aside = join(folder, 'aside')
  let isOver = false
  const attack = async (): Promise<void> => {
    while (!isOver) {
      await mkdir(join(place, 'deep'), { recursive: true }).catch(() => undefined)
      await writeFile(join(place, 'deep/file'), 'x').catch(() => undefined)
      await rename(place, aside).catch(() => undefined)
      await symlink(precious, place).catch(() => undefined)
      await rm(aside, { recursive: true, force: true }).catch(() => undefined)
    }
  }
  const attacker = attack()
  for (let round = 0; round < 300; round += 1) await removeTree(place).catch(() => undefined)
  isOver = true
  await attacker
  expect(existsSync(join(precious, 'file'))).toBe(true)
})
