import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { packageDirectory, pySandboxDirectory } from './package-paths.js'

test('THIRD_PARTY.md names everything that is installed', async () => {
  const text = (await readFile(join(packageDirectory(), 'THIRD_PARTY.md'), 'utf8')).toLowerCase()
  const manifest: unknown = JSON.parse(await readFile(join(packageDirectory(), 'package.json'), 'utf8'))
  const versions = z.record(z.string(), z.string())
  const { dependencies, optionalDependencies } = z
    .object({ dependencies: versions, optionalDependencies: versions })
    .parse(manifest)
  const locks = ['requirements.lock', 'requirements-pip.lock', 'requirements-test.lock'].map((lock) =>
    readFile(join(pySandboxDirectory(), lock), 'utf8'),
  )
  const python = (await Promise.all(locks)).flatMap((lock) =>
    [...lock.matchAll(/^([a-z0-9-]+)==/gm)].map(([, name]) => name ?? ''),
  )
  expect(python.length).toBeGreaterThan(4)
  const missing = [...Object.keys({ ...dependencies, ...optionalDependencies }), ...python].filter(
    (name) => !text.includes(name),
  )
  expect(missing).toEqual([])
})
