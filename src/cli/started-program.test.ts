import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { startedProgram } from './started-program.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-started-'))
afterAll(() => rm(folder, { recursive: true }))
const bin = join(folder, 'bin')
await mkdir(bin)
for (const name of ['codevision', 'node']) await writeFile(join(bin, name), '#!/bin/sh\n', { mode: 0o755 })
const environment = { PATH: bin }
const node = '/elsewhere/node'

test('npx starts it by npx, though npx puts it on PATH', () => {
  const script = join(bin, 'codevision')
  expect(startedProgram({ script, environment: { ...environment, npm_command: 'exec' } })).toEqual([
    'npx',
    'codevision',
  ])
})

test('by its name where that is what PATH finds, else by the path of its link', () => {
  expect(startedProgram({ script: join(bin, 'codevision'), environment })).toEqual(['codevision'])
  const script = join(folder, 'node_modules', '.bin', 'codevision')
  expect(startedProgram({ script, environment, folder })).toEqual(['node_modules/.bin/codevision'])
  expect(startedProgram({ script: join(folder, 'codevision'), environment, folder })).toEqual([
    './codevision',
  ])
})

test('a script of Node is one again, with its options, also below a test that npx started', () => {
  const script = join(folder, 'dist', 'cli', 'main.js')
  const given = { script, environment: { ...environment, npm_command: 'exec' }, node, nodeOptions: ['-x'] }
  expect(startedProgram({ ...given, folder })).toEqual(['node', '-x', 'dist/cli/main.js'])
  expect(startedProgram({ ...given, folder: bin })).toEqual(['node', '-x', script])
  expect(startedProgram({ ...given, environment: {}, nodeOptions: [], folder })).toEqual([
    node,
    'dist/cli/main.js',
  ])
})
