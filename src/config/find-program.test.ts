import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findProgram, findUsualProgram } from './find-program.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-path-'))
  for (const name of ['a', 'b']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'b', 'tool'), '', { mode: 0o755 })
})
afterAll(() => rm(folder, { recursive: true }))

test('a program is found in the folder of PATH that has it', () => {
  const PATH = `${join(folder, 'a')}:.:${join(folder, 'b')}`
  expect(findProgram('tool', { PATH })).toBe(join(folder, 'b/tool'))
})

test('a folder, a file that cannot be run, and an empty PATH give none', async () => {
  await mkdir(join(folder, 'a/tool'))
  await writeFile(join(folder, 'a/text'), '', { mode: 0o644 })
  expect(findProgram('tool', { PATH: join(folder, 'a') })).toBeNull()
  expect(findProgram('no-such-tool', { PATH: join(folder, 'a') })).toBeNull()
  expect(findProgram('tool', {})).toBeNull()
})

test('usual folders are looked into whatever PATH says', () => {
  expect(findUsualProgram('sh')).toMatch(/\/bin\/sh$/)
  expect(findUsualProgram('no-such-program-anywhere')).toBeNull()
})
