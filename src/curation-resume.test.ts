import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { testRuntime } from './config/test-runtime.js'
import { UsageError } from './core/errors.js'
import type { Sample } from './core/sample.js'
import type { Sandbox } from './core/sandbox.js'
import { replayRun } from './curation/replay/replay-run.js'
import { runCuration } from './curation/run/run-curation.js'
import { createScriptedTeacher } from './curation/teacher/scripted-teacher.js'
import { skeletonOf } from './curation/teacher/skeleton-of.js'
import { TEST_SETTINGS, TEST_VIEW, testOptions } from './curation/testing/settings.js'
import { loadSuite } from './data/load-suite.js'
import { parseMiniWorldConfig } from './data/mini-world/mini-world-config.js'
import { writeMiniWorld } from './data/mini-world/write-mini-world.js'
import { openRun } from './store/open-run.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
const COUNT = 30
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

let folder: string
let rows: string
let sandbox: Sandbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-curation-'))
  sandbox = await createSandbox({ runtime })
  const config = parseMiniWorldConfig({ rows: 24, seed: 'k', size: 640, view: TEST_VIEW, 'read-height': 10 })
  rows = (await writeMiniWorld({ config, folder: join(folder, 'mini') })).path
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

/** Curate in a process of its own; kill it (as with kill -9) when it has told of `killAfter` samples. Gives the lines it told. */
async function curateInProcess({
  run,
  mode,
  killAfter = Infinity,
}: {
  run: string
  mode: 'create' | 'resume'
  killAfter?: number
}): Promise<string[]> {
  const options = [
    '--import',
    here('./evaluation/testing/typescript-loader.mjs'),
    here('./curation/testing/curation-process.mjs'),
  ]
  const child = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify({ rows, run: { path: run, mode }, count: COUNT, runtime }))
  const exited = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === killAfter) child.kill('SIGKILL')
  }
  const [code, signal] = await exited
  expect(killAfter === Infinity ? code : signal).toBe(killAfter === Infinity ? 0 : 'SIGKILL')
  return lines
}

/** Samples in the order of the journal, without what a clock says. */
async function samplesOf(path: string): Promise<unknown[]> {
  const samples: unknown[] = []
  for await (const sample of (await openRun({ path, mode: 'read' })).samples()) samples.push(timeless(sample))
  return samples
}

function timeless(sample: Sample): unknown {
  return JSON.parse(
    JSON.stringify(sample, (name, value: unknown) =>
      name === 'timings' || name === 'durationMs' ? undefined : value,
    ),
  )
}

describe('a curation that is killed again and again', () => {
  test('ends with the set of one that was left alone, which replays without a difference', async () => {
    const [alone, killed] = [join(folder, 'alone'), join(folder, 'killed')]
    await curateInProcess({ run: alone, mode: 'create' })
    const told = await curateInProcess({ run: killed, mode: 'create', killAfter: 4 })
    told.push(...(await curateInProcess({ run: killed, mode: 'resume', killAfter: 9 })))
    const last = await curateInProcess({ run: killed, mode: 'resume' })
    expect(last.at(-1)).toBe('complete')
    expect(new Set([...told, ...last]).size).toBe(told.length + last.length)

    const summary = (path: string): Promise<string> => readFile(join(path, 'summary.json'), 'utf8')
    expect(await summary(killed)).toBe(await summary(alone))
    expect(JSON.parse(await summary(alone))).toMatchObject({ planned: COUNT, kept: COUNT })
    expect(await samplesOf(killed)).toEqual(await samplesOf(alone))
    const images = async (path: string): Promise<string[]> =>
      (await readdir(join(path, 'images'))).filter((name) => name.endsWith('.png')).sort()
    expect(await images(killed)).toEqual(await images(alone))

    const replayed = await replayRun({ path: killed, sandbox })
    expect(replayed).toMatchObject({ trajectories: COUNT, differences: [] })
    expect(replayed.calls).toBeGreaterThan(COUNT)
    expect(replayed.failedCalls).toBeGreaterThan(1)
  })
})

describe('a curated run', () => {
  const curate = (
    parameters: Partial<Parameters<typeof runCuration>[0]> & { path: string; mode: 'create' | 'resume' },
  ) =>
    loadSuite({ suite: rows }).then((suite) =>
      runCuration({
        sources: [suite],
        createTeacher: (sources) => createScriptedTeacher(sources),
        skeletonOf,
        sandbox,
        agent: TEST_SETTINGS,
        provokedTimeoutMs: 1_000,
        options: testOptions({ count: 12 }),
        run: { path: parameters.path, mode: parameters.mode },
        ...parameters,
      }),
    )

  test('that is asked to stop finishes what it has begun, and goes on later', async () => {
    const path = join(folder, 'drained')
    const drain = new AbortController()
    const stopped = await curate({
      path,
      mode: 'create',
      concurrency: 1,
      interrupts: { drain: drain.signal },
      onProgress: (_, sample) => {
        if (sample !== null) drain.abort()
      },
    })
    expect(stopped.status).toBe('interrupted')
    expect(stopped.summary.decided).toBeGreaterThan(0)
    expect(stopped.summary.decided).toBeLessThan(12)
    const done = await curate({ path, mode: 'resume' })
    expect(done).toMatchObject({ status: 'complete', summary: { decided: 12, kept: 12 } })
  })

  test('is not resumed with other options', async () => {
    const path = join(folder, 'other')
    await curate({ path, mode: 'create', options: testOptions({ count: 2 }) })
    const resumed = curate({ path, mode: 'resume', options: testOptions({ count: 2, seed: 'another' }) })
    await expect(resumed).rejects.toThrow(UsageError)
    await expect(resumed).rejects.toThrow(/seed: "test" in the run, "another" now/)
  })

  test('whose images or calls were changed does not replay', async () => {
    const path = join(folder, 'changed')
    await curate({ path, mode: 'create' })
    const run = await openRun({ path, mode: 'append' })
    try {
      for await (const sample of run.samples()) {
        const { trajectory } = sample
        const call = trajectory?.calls.find(({ execution }) => execution.status === 'ok')
        if (trajectory === null || call === undefined) continue
        call.call = { ...call.call, code: 'result = image.rotate(90, expand=True).rotate(45)' }
        await run.append(sample)
        break
      }
    } finally {
      await run.close()
    }
    const { differences } = await replayRun({ path, sandbox })
    expect(differences).toHaveLength(1)
    expect(differences[0]).toMatchObject({
      expected: expect.stringMatching(/^an image of/),
      got: expect.stringMatching(/pixels|image of/),
    })
  })

  test('keeps no trajectory twice, and no reasoning more often than it may', async () => {
    const { summary } = await curate({
      path: join(folder, 'alike'),
      mode: 'create',
      skeletonOf: () => 'always the same',
      options: testOptions({ count: 12, attempts: 2 }),
    })
    expect(summary).toMatchObject({ kept: 1, dropped: { 'common-skeleton': 11 } })
  })
})
