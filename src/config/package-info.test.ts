import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitRevision, packageVersion } from './package-info.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-git-'))
afterAll(() => rm(folder, { recursive: true }))

describe('packageVersion', () => {
  test('is that of package.json', async () => {
    expect(await packageVersion()).toMatch(/^\d+\.\d+\.\d+/)
  })
})

describe('gitRevision', () => {
  test('is found for a branch, a packed branch and a detached head, and null where there is no checkout', async () => {
    expect(await gitRevision(folder)).toBeNull()
    await mkdir(join(folder, '.git/refs/heads'), { recursive: true })
    await writeFile(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n')
    expect(await gitRevision(folder)).toBeNull()
    await writeFile(
      join(folder, '.git/packed-refs'),
      '# pack-refs\nabc refs/heads/other\ndef refs/heads/main\n',
    )
    expect(await gitRevision(folder)).toBe('def')
    await writeFile(join(folder, '.git/refs/heads/main'), '123\n')
    expect(await gitRevision(folder)).toBe('123')
    await writeFile(join(folder, '.git/HEAD'), '456\n')
    expect(await gitRevision(folder)).toBe('456')
  })
})
