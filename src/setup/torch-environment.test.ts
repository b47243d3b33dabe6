import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { withEnvironment } from '../config/testing/with-environment.js'
import { pyEngineDirectory, pySandboxDirectory } from './package-paths.js'
import { findTorchEnvironment } from './torch-environment.js'

test('nothing is found where nothing was installed', () =>
  withEnvironment(
    (folder) => ({ CODEVISION_CACHE: folder }),
    async () => expect(await findTorchEnvironment()).toBeNull(),
  ))

test('the lock holds what the engine asks for, each with hashes; the sandbox gets none of it', async () => {
  const [lock, asked, sandbox] = await Promise.all([
    readFile(join(pyEngineDirectory(), 'requirements.lock'), 'utf8'),
    readFile(join(pyEngineDirectory(), 'requirements.in'), 'utf8'),
    readFile(join(pySandboxDirectory(), 'requirements.lock'), 'utf8'),
  ])
  const entries = lock.split(/\n(?=\S)/).filter((entry) => !entry.startsWith('#'))
  expect(entries.length).toBeGreaterThan(40)
  for (const entry of entries)
    expect(entry.trim()).toMatch(/^[\w-]+==\S+( \\\n {4}--hash=sha256:[0-9a-f]{64})+$/)
  const wanted = asked.split('\n').filter((line) => line.includes('=='))
  for (const requirement of wanted) expect(lock).toContain(`${requirement} \\`)
  // Wheels of one machine have another hash for each.
  const torch = entries.find((entry) => entry.startsWith('torch=='))
  expect(torch?.match(/sha256/g)).toHaveLength(2)
  expect(sandbox).not.toContain('torch')
})
