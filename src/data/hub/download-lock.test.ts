import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryProcessLock, type LockOwner } from '../../config/process-lock.js'
import { withDownloadLock } from './download-lock.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-download-lock-'))
afterAll(() => rm(folder, { recursive: true }))
let made = 0
const newPath = (): string => join(folder, `${made++}.lock`)

const BEAT = 40

/** A lock as this process would write it, with what another one had written instead. */
async function leaveBehind(path: string, changes: Partial<LockOwner>): Promise<void> {
  const taken = await tryProcessLock(path, { beatMs: BEAT })
  if ('owner' in taken) throw new Error('expected a free lock')
  const owner = JSON.parse(await readFile(path, 'utf8')) as LockOwner
  await taken.lock.release()
  await writeFile(path, JSON.stringify({ ...owner, token: 'of-the-dead', ...changes }))
}

async function workUnder(path: string): Promise<{ value: string; waitedFor: LockOwner[] }> {
  const waitedFor: LockOwner[] = []
  const value = await withDownloadLock({
    path,
    beatMs: BEAT,
    onWait: (owner) => waitedFor.push(owner),
    work: () => Promise.resolve('done'),
  })
  expect(await readdir(folder)).toEqual([])
  return { value, waitedFor }
}

describe('a lock that is left behind is taken over', () => {
  test('of another machine or container, once nobody touches it, and what is waited for is told', async () => {
    const path = newPath()
    await leaveBehind(path, { host: 'a-container-that-is-gone', pid: 1 })
    const { value, waitedFor } = await workUnder(path)
    expect(value).toBe('done')
    expect(waitedFor).toEqual([expect.objectContaining({ host: 'a-container-that-is-gone', pid: 1 })])
  })

  test('of a process whose number another one has by now', async () => {
    const path = newPath()
    await leaveBehind(path, { host: hostname(), pid: process.pid, started: 'a boot ago' })
    expect(await workUnder(path)).toEqual({ value: 'done', waitedFor: [] })
  })

  test('that is empty, since the disk was full when it was written', async () => {
    const path = newPath()
    await writeFile(path, '')
    expect(await workUnder(path)).toEqual({ value: 'done', waitedFor: [] })
  })
})

test('a process that lives is waited for, and told once', async () => {
  const path = newPath()
  let end = (): void => undefined
  const first = withDownloadLock({ path, work: () => new Promise<void>((resolve) => (end = resolve)) })
  while ((await readdir(folder)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const waitedFor: LockOwner[] = []
  const second = withDownloadLock({
    path,
    onWait(owner) {
      waitedFor.push(owner)
      end()
    },
    work: () => Promise.resolve('second'),
  })
  expect(await second).toBe('second')
  await first
  expect(waitedFor).toEqual([expect.objectContaining({ pid: process.pid, host: hostname() })])
})

test('an abort ends the waiting', async () => {
  const path = newPath()
  await leaveBehind(path, { host: 'elsewhere', beatMs: 100_000 })
  const abort = new AbortController()
  const waiting = withDownloadLock({
    path,
    signal: abort.signal,
    onWait: () => abort.abort(),
    work: () => Promise.resolve(),
  })
  await expect(waiting).rejects.toThrow('abort')
  await rm(path)
})
