import { afterAll, describe, expect, test } from '@jest/globals'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError, UsageError } from '../core/errors.js'
import type { Sample } from '../core/sample.js'
import type { NewManifest } from './manifest.js'
import { openRun } from './open-run.js'
import type { RunReader } from './run.js'
import { testSample } from './testing/sample.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-store-'))
afterAll(() => rm(folder, { recursive: true }))

let made = 0
const newPath = (): string => join(folder, `run-${made++}`)

const manifest: NewManifest = {
  identity: { dataset: { sha256: 'aa' }, limits: { turns: 12 } },
  config: { concurrency: 4 },
  environment: { node: '20' },
}

async function created(samples: Sample[] = []): Promise<string> {
  const path = newPath()
  const run = await openRun({ path, mode: 'create', manifest })
  for (const sample of samples) await run.append(sample)
  await run.close()
  return path
}

async function keysOf(run: RunReader): Promise<string[]> {
  const keys: string[] = []
  for await (const { key, outcome } of run.samples()) keys.push(`${key} ${outcome}`)
  return keys
}

async function reopenedKeys(path: string): Promise<string[]> {
  const run = await openRun({ path, mode: 'append' })
  try {
    return await keysOf(run)
  } finally {
    await run.close()
  }
}

describe('openRun', () => {
  test('what was appended is read again, by the writer and by readers', async () => {
    const path = newPath()
    const run = await openRun({ path, mode: 'create', manifest })
    await Promise.all([
      run.append(testSample({ taskKey: 'a' })),
      run.append(testSample({ taskKey: 'b', epoch: 2 })),
    ])
    expect(await keysOf(await openRun({ path, mode: 'read' }))).toEqual(['a#1 correct', 'b#2 correct'])
    await run.close()
    await run.close()
    expect(await readdir(path)).toEqual(['manifest.json', 'samples.jsonl'])
    expect(await run.find('b#2')).toEqual(testSample({ taskKey: 'b', epoch: 2 }))
    expect(await run.find('b#1')).toBeUndefined()
  })

  test('a folder that holds a run is not overwritten', async () => {
    const path = await created()
    await expect(openRun({ path, mode: 'create', manifest })).rejects.toThrow(/--resume/)
    await expect(openRun({ path, mode: 'create', manifest })).rejects.toThrow(UsageError)
  })

  test('a folder without a run is neither resumed nor read', async () => {
    const path = newPath()
    for (const mode of ['read', 'append'] as const) {
      await expect(openRun({ path, mode } as { path: string; mode: 'append' })).rejects.toThrow(UsageError)
    }
    await expect(openRun({ path, mode: 'resume', manifest })).rejects.toThrow(
      /expected the folder of a run.*Begin it without --resume\./,
    )
  })

  test('a crash between lock and manifest leaves a folder in which a run can be made', async () => {
    const path = newPath()
    await mkdir(path)
    await writeFile(join(path, 'lock.json'), await lockOf({ pid: deadPid() }))
    await (await openRun({ path, mode: 'create', manifest })).close()
  })

  test('another configuration or data set is refused with each difference named', async () => {
    const path = await created()
    const other = { ...manifest, identity: { dataset: { sha256: 'bb' }, limits: { turns: 8 }, seed: 1 } }
    const error: unknown = await openRun({ path, mode: 'resume', manifest: other }).catch(
      (cause: unknown) => cause,
    )
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message.split('\n').slice(1, 4)).toEqual([
      '  dataset.sha256: "aa" in the run, "bb" now',
      '  limits.turns: 12 in the run, 8 now',
      '  seed: nothing in the run, 1 now',
    ])
    const free = { ...manifest, config: { concurrency: 1 }, environment: {} }
    await (await openRun({ path, mode: 'resume', manifest: free })).close()
  })

  test('keys and tokens do not reach the manifest', async () => {
    const path = newPath()
    const config = {
      apiKey: 'whatever',
      url: 'http://me:pass@host/v1',
      maxTokens: 5,
      note: 'key is my-secret-value',
      h: 'Bearer abc',
    }
    const run = await openRun({
      path,
      mode: 'create',
      manifest: { ...manifest, config },
      secrets: ['my-secret-value'],
    })
    await run.close()
    expect(run.manifest.config).toEqual({
      apiKey: '[redacted]',
      url: 'http://[redacted]@host/v1',
      maxTokens: 5,
      note: 'key is [redacted]',
      h: '[redacted]',
    })
    expect(await readFile(join(path, 'manifest.json'), 'utf8')).not.toMatch(/whatever|pass|my-secret|abc/)
  })

  test('a run of a later version is not read as if it were ours', async () => {
    const path = await created()
    await writeFile(
      join(path, 'manifest.json'),
      JSON.stringify({ ...manifest, schemaVersion: 99, createdAt: '' }),
    )
    await expect(openRun({ path, mode: 'read' })).rejects.toThrow(/layout version 99.*newer version/)
    await writeFile(join(path, 'manifest.json'), '{}')
    await expect(openRun({ path, mode: 'read' })).rejects.toThrow(StoreError)
  })
})

describe('the journal', () => {
  test('a failure is replaced by the sample’s next line, a finished sample by nothing but a finished one', async () => {
    const path = await created([
      testSample({ taskKey: 'a', outcome: 'sandbox-error' }),
      testSample({ taskKey: 'b', outcome: 'wrong' }),
      testSample({ taskKey: 'a', outcome: 'correct' }),
      testSample({ taskKey: 'b', outcome: 'model-error' }),
      testSample({ taskKey: 'c', outcome: 'judge-error' }),
    ])
    expect(await keysOf(await openRun({ path, mode: 'read' }))).toEqual([
      'b#1 wrong',
      'a#1 correct',
      'c#1 judge-error',
    ])
  })

  test('a last line that was cut off is set aside wherever the cut fell, and nothing before it is lost', async () => {
    const samples = [testSample({ taskKey: 'a' }), testSample({ taskKey: 'ünï', question: '\u2028 ü' })]
    const path = await created(samples)
    const journal = join(path, 'samples.jsonl')
    const whole = await readFile(journal)
    const start = whole.indexOf('\n') + 1
    for (let cut = start + 1; cut < whole.length - 1; cut += 17) {
      await writeFile(journal, whole)
      await truncate(journal, cut)
      expect(await keysOf(await openRun({ path, mode: 'read' }))).toEqual(['a#1 correct'])
      expect(await reopenedKeys(path)).toEqual(['a#1 correct'])
      expect(await readFile(journal)).toEqual(whole.subarray(0, start))
      expect((await readFile(`${journal}.torn`)).subarray(0, -1)).toEqual(whole.subarray(start, cut))
      await rm(`${journal}.torn`)
    }
  })

  test('a last line that lacks only its newline is a finished sample', async () => {
    const path = await created([testSample({ taskKey: 'a' }), testSample({ taskKey: 'b' })])
    const journal = join(path, 'samples.jsonl')
    const whole = await readFile(journal)
    await truncate(journal, whole.length - 1)
    const run = await openRun({ path, mode: 'append' })
    await run.append(testSample({ taskKey: 'c' }))
    await run.close()
    expect(await keysOf(run)).toEqual(['a#1 correct', 'b#1 correct', 'c#1 correct'])
    expect((await readFile(journal)).subarray(0, whole.length)).toEqual(whole)
  })

  test('damage in the middle is an error that names the line', async () => {
    const path = await created([testSample({ taskKey: 'a' })])
    const journal = join(path, 'samples.jsonl')
    await appendFile(journal, 'not a sample\n' + (await readFile(journal, 'utf8')))
    await expect(openRun({ path, mode: 'append' })).rejects.toThrow(/samples\.jsonl line 2/)
    await expect(keysOf(await openRun({ path, mode: 'read' }))).rejects.toThrow(StoreError)
    expect(await readdir(path)).not.toContain('lock.json')
  })

  test('a full disk is an error with its cause, and later samples are refused', async () => {
    const path = await created()
    await rm(join(path, 'samples.jsonl'))
    await symlink('/dev/full', join(path, 'samples.jsonl'))
    const run = await openRun({ path, mode: 'append' })
    const [first, second] = await Promise.allSettled([run.append(testSample()), run.append(testSample())])
    await run.close()
    for (const result of [first, second]) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { name: 'StoreError', cause: { code: 'ENOSPC' } },
      })
    }
  })

  test('a folder that cannot be made is an error with its cause', async () => {
    const path = join(await created(), 'manifest.json', 'inside-a-file')
    await expect(openRun({ path, mode: 'create', manifest })).rejects.toMatchObject({
      name: 'StoreError',
      cause: { code: 'ENOTDIR' },
    })
  })
})

describe('images of a run', () => {
  const png = Buffer.from('bytes of a PNG file')
  const sha256 = createHash('sha256').update(png).digest('hex')

  test('are written once each, by name of their hash', async () => {
    const run = await openRun({ path: newPath(), mode: 'create', manifest })
    let encoded = 0
    const image = {
      sha256,
      png: () => {
        encoded++
        return Promise.resolve(png)
      },
    }
    await Promise.all([run.images.put(image), run.images.put(image)])
    await run.images.put(image)
    await run.close()
    expect(encoded).toBe(1)
    expect(await readdir(join(run.path, 'images'))).toEqual([`${sha256}.png`])
    expect(await run.images.read(sha256)).toEqual(png)
  })

  test('a wrong hash, a missing image and a name that leads out of the folder are refused', async () => {
    const run = await openRun({ path: newPath(), mode: 'create', manifest })
    const other = 'a'.repeat(64)
    await expect(run.images.put({ sha256: other, png: () => Promise.resolve(png) })).rejects.toThrow(
      StoreError,
    )
    await expect(run.images.read(other)).rejects.toThrow(/expected an image of the run/)
    await expect(run.images.read('../../manifest')).rejects.toThrow(/SHA-256/)
    await run.close()
  })
})

function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

async function lockOf(changes: object): Promise<string> {
  return JSON.stringify({
    pid: process.pid,
    host: hostname(),
    started: 'once upon a time',
    token: 't',
    ...changes,
  })
}

describe('the lock', () => {
  test('a second writer is refused and told which process is writing', async () => {
    const path = newPath()
    const run = await openRun({ path, mode: 'create', manifest })
    await expect(openRun({ path, mode: 'append' })).rejects.toThrow(StoreError)
    await expect(openRun({ path, mode: 'append' })).rejects.toThrow(`process ${process.pid} on ${hostname()}`)
    await run.close()
    await (await openRun({ path, mode: 'append' })).close()
  })

  test('of a process that died, of one whose number was used again, or a damaged one is taken over', async () => {
    const path = await created()
    for (const lock of [await lockOf({ pid: deadPid() }), await lockOf({}), 'half a lo']) {
      await writeFile(join(path, 'lock.json'), lock)
      await (await openRun({ path, mode: 'append' })).close()
      expect(await readdir(path)).toEqual(['manifest.json', 'samples.jsonl'])
    }
  })

  test('of a process on another machine is respected, and the file to delete is named', async () => {
    const path = await created()
    await writeFile(join(path, 'lock.json'), await lockOf({ host: 'elsewhere', pid: 1 }))
    await expect(openRun({ path, mode: 'append' })).rejects.toThrow(
      /process 1 on elsewhere.*delete .*lock\.json/,
    )
  })

  test('of a dead process goes to one only of many that want it', async () => {
    const path = await created()
    for (let round = 0; round < 30; round++) {
      await writeFile(join(path, 'lock.json'), await lockOf({ pid: deadPid() }))
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, () => openRun({ path, mode: 'append' })),
      )
      const winners = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
      expect(winners).toHaveLength(1)
      for (const run of winners) await run.close()
      expect(await readdir(path)).toEqual(['manifest.json', 'samples.jsonl'])
    }
  })
})
