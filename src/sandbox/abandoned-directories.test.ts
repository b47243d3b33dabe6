import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ownPrefix, removeAbandonedDirectories } from './abandoned-directories.js'

test('only directories of processes that are gone are removed', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'abandoned-'))
  const { pid: dead } = spawnSync('true')
  const [, namespace] = ownPrefix().split('-')
  const kept = [`${ownPrefix()}a`, `codevision-${namespace}-1-b`, `codevision-1-${dead}-c`, 'something-else']
  for (const name of [...kept, `codevision-${namespace}-${dead}-d`]) await mkdir(join(parent, name))
  await removeAbandonedDirectories(parent)
  expect((await readdir(parent)).sort()).toEqual([...kept].sort())
  await rm(parent, { recursive: true })
})
