import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError } from '../core/errors.js'
import { takeLock } from './lock.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-lock-'))
afterAll(() => rm(folder, { recursive: true }))
let made = 0
const newPath = (): string => join(folder, `lock-${made++}.json`)

const BEAT = 40

/** The lock of a process in another container: same machine's name, another space of process numbers. */
async function asElsewhere(path: string): Promise<void> {
  const owner = JSON.parse(await readFile(path, 'utf8')) as object
  await writeFile(path, JSON.stringify({ ...owner, pid: 7, namespace: 'pid:[1]' }))
}

describe('the lock of a process that cannot be asked, as one in another container', () => {
  test('is respected while its file is touched', async () => {
    const path = newPath()
    const theirs = await takeLock(path, { beatMs: BEAT })
    await asElsewhere(path)
    await expect(takeLock(path, { beatMs: BEAT })).rejects.toThrow(/process 7 on /)
    await theirs.release()
    expect(await readdir(folder)).toEqual([])
  })

  test('is taken over once nobody touches it, and who had it may write no more', async () => {
    const path = newPath()
    const theirs = await takeLock(path, { beatMs: BEAT })
    await theirs.check()
    await asElsewhere(path)
    // Its beat stands still, as when it was stopped: another token is not its own.
    const owner = JSON.parse(await readFile(path, 'utf8')) as { token: string }
    await writeFile(path, JSON.stringify({ ...owner, token: 'of-the-dead' }))
    const mine = await takeLock(path, { beatMs: BEAT })
    await mine.check()
    await expect(theirs.check()).rejects.toThrow(StoreError)
    await theirs.release()
    await mine.check()
    await mine.release()
    expect(await readdir(folder)).toEqual([])
  })
})
