import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { once } from 'node:events'
import { tryProcessLock } from '../config/process-lock.js'
import { UsageError } from '../core/errors.js'
import { ownPrefix } from '../sandbox/abandoned-directories.js'
import { cleanUp } from './clean-up.js'

let root: string
let cache: string
let memory: string
let lines: string[]
const path = process.env['PATH']

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'codevision-clean-'))
  cache = join(root, 'cache')
  memory = join(root, 'memory')
  lines = []
  await mkdir(memory)
  // No engine of this machine is asked.
  process.env['PATH'] = root
  await file('cache/replies/ab/one.json', 2_000)
  await file('cache/datasets/owner/set/commit/rows.parquet', 3_000_000)
  await file('cache/datasets/owner/other/commit/rows.parquet', 10)
  await file('cache/python/0123/site/numpy.py', 500)
  await file('cache/not-ours.tar', 7)
})
afterEach(async () => {
  process.env['PATH'] = path
  await rm(root, { recursive: true })
})

async function file(name: string, bytes: number): Promise<void> {
  const at = join(root, name)
  await mkdir(dirname(at), { recursive: true })
  await writeFile(at, Buffer.alloc(bytes))
}

const clean = (names: string[], isAgreed = true): Promise<boolean> =>
  cleanUp({ names, isAgreed, cache, memory, print: (line) => lines.push(line) })

async function exchange({ isAlive }: { isAlive: boolean }): Promise<string> {
  const { pid: dead } = spawnSync('/bin/true')
  const name = isAlive ? `${ownPrefix()}a` : `${ownPrefix().replace(/\d+-$/, `${dead}-`)}b`
  await file(`memory/${name}/pixels`, 1_500)
  return join(memory, name)
}

describe('clean', () => {
  test('lists everything with its size, and removes nothing that is not agreed to', async () => {
    const left = await exchange({ isAlive: false })
    expect(await clean([], false)).toBe(true)
    const text = lines.join('\n')
    for (const expected of [
      /^ +1\.5 kB {2}exchange\/codevision-\S+ +images of a sandbox whose process is gone/m,
      /^ +2\.0 kB {2}replies /m,
      /^ +3\.0 MB {2}datasets\/owner\/set /m,
      /^ +0\.5 kB {2}python\/0123 /m,
      /^Nothing was removed; --yes removes it\.$/m,
    ])
      expect(text).toMatch(expected)
    expect(text).not.toContain('not-ours')
    expect([left, join(cache, 'replies/ab/one.json')].every(existsSync)).toBe(true)
  })

  test('removes what is named and nothing else, and tells what that freed', async () => {
    expect(await clean(['datasets/owner/set', 'replies'])).toBe(true)
    expect(lines.at(-1)).toBe('Removed 2 of 2: 3.0 MB freed.')
    expect((await readdir(cache)).sort()).toEqual(['datasets', 'not-ours.tar', 'python'])
    expect(await readdir(join(cache, 'datasets/owner'))).toEqual(['other'])
  })

  test('removes all that is listed, and no file in the cache directory that is not of this program', async () => {
    const left = await exchange({ isAlive: false })
    expect(await clean([])).toBe(true)
    expect(existsSync(left)).toBe(false)
    expect(await readdir(join(cache, 'python'))).toEqual([])
    expect(existsSync(join(cache, 'not-ours.tar'))).toBe(true)
  })

  test('refuses a name of which there is nothing, before anything is removed', async () => {
    await expect(clean(['replies', 'replys'])).rejects.toThrow(UsageError)
    expect(existsSync(join(cache, 'replies'))).toBe(true)
  })

  test('follows no link out of the cache directory', async () => {
    await file('elsewhere/precious', 1)
    await symlink(join(root, 'elsewhere'), join(cache, 'tfjs'))
    await symlink(join(root, 'elsewhere'), join(cache, 'replies/link'))
    await clean([])
    expect(existsSync(join(root, 'elsewhere/precious'))).toBe(true)
  })
})

describe('what a living process uses is kept', () => {
  test('exchange directories, and all caches while there is a sandbox', async () => {
    const inUse = await exchange({ isAlive: true })
    expect(await clean([])).toBe(true)
    expect(lines.join('\n')).toContain(`kept: process ${process.pid} may use it`)
    expect([inUse, join(cache, 'replies'), join(cache, 'python/0123')].every(existsSync)).toBe(true)
  })

  test('a file that another process holds open, also where the cache directory is reached by a link', async () => {
    const held = await open(join(cache, 'datasets/owner/set/commit/rows.parquet'))
    const child = spawn('/bin/sleep', ['600'], { stdio: [held.fd, 'ignore', 'ignore'] })
    await once(child, 'spawn')
    await held.close()
    await symlink(cache, join(root, 'link'))
    try {
      await cleanUp({ names: [], isAgreed: true, cache: join(root, 'link'), memory, print: () => undefined })
    } finally {
      child.kill()
      await once(child, 'exit')
    }
    expect(await readdir(join(cache, 'datasets/owner'))).toEqual(['set'])
  })

  test('a data set that is downloaded right now', async () => {
    const taken = await tryProcessLock(join(cache, 'datasets/owner/set/commit.lock'))
    await clean(['datasets'])
    expect(await readdir(join(cache, 'datasets/owner'))).toEqual(['set'])
    if ('lock' in taken) await taken.lock.release()
  })
})
