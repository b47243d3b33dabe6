import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { isThere } from './is-there.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-is-there-'))
afterAll(() => rm(folder, { recursive: true }))

test('a file and a folder are there; what was never made, lies in a file or is a link to nothing is not', async () => {
  await writeFile(join(folder, 'file'), '')
  await symlink(join(folder, 'nothing'), join(folder, 'link'))
  const asked = ['.', 'file', 'nothing', 'file/in-it', 'link'].map((name) => isThere(join(folder, name)))
  expect(await Promise.all(asked)).toEqual([true, true, false, false, false])
})
