import { afterAll, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { writeRows } from '../evaluation/testing/rows.js'
import type { StepMetrics } from './metrics/step-metrics.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-kill-training-'))
afterAll(() => rm(folder, { recursive: true }))
const rows = await writeRows({ path: join(folder, 'rows.jsonl'), count: 6 })

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Train in a process of its own; kill it (as with kill -9) at the `killAt`-th line that tells of `killOn`. Gives what it told. */
async function trainInProcess({
  killOn = 'never',
  killAt = 1,
  ...training
}: {
  kind: 'sft' | 'grpo'
  path: string
  mode: 'create' | 'resume'
  killOn?: string
  killAt?: number
}): Promise<string[]> {
  const loader = here('../evaluation/testing/typescript-loader.mjs')
  const child = spawn(process.execPath, ['--import', loader, here('testing/training-process.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify({ ...training, rows, delayMs: 3, waitAt: killOn }))
  const exited = once(child, 'exit')
  const lines: string[] = []
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith(killOn) && ++seen === killAt) child.kill('SIGKILL')
  }
  const [code, signal] = await exited
  expect(seen >= killAt ? signal : code).toBe(seen >= killAt ? 'SIGKILL' : 0)
  return lines
}

/** Metrics without what depends on the clock. */
async function metricsOf(path: string): Promise<unknown[]> {
  const lines = (await readFile(join(path, 'metrics.jsonl'), 'utf8')).trim().split('\n')
  return lines.map((line) => {
    const { step, pass, figures } = JSON.parse(line) as StepMetrics
    const kept = Object.entries(figures).filter(([name]) => !/^seconds|perSecond$/.test(name))
    return [step, pass, Object.fromEntries(kept)]
  })
}

async function lastTable(path: string): Promise<[string | undefined, string]> {
  const newest = (await readdir(join(path, 'checkpoints'))).sort().at(-1)
  return [newest, await readFile(join(path, 'checkpoints', newest ?? '', 'policy', 'table.json'), 'utf8')]
}

test.each(['grpo', 'sft'] as const)(
  'a %s that is killed again and again takes the same steps as one that was left alone',
  async (kind) => {
    const [alone, killed] = [join(folder, `${kind}-alone`), join(folder, `${kind}-killed`)]
    await trainInProcess({ kind, path: alone, mode: 'create' })
    // In the first step, before there is a checkpoint; in the evaluation after one, which is made up for; in a step after one; while one is being written or just was.
    await trainInProcess({ kind, path: killed, mode: 'create', killOn: 'update', killAt: 1 })
    await trainInProcess({ kind, path: killed, mode: 'resume', killOn: 'evaluation after 2' })
    const after = await trainInProcess({ kind, path: killed, mode: 'resume', killOn: 'step 3' })
    expect(after.filter((line) => /^(step|evaluation)/.test(line))[0]).toBe('evaluation after 2')
    const between = await trainInProcess({ kind, path: killed, mode: 'resume', killOn: 'step 4' })
    expect(between.filter((line) => line.startsWith('step'))[0]).toBe('step 3')
    const last = await trainInProcess({ kind, path: killed, mode: 'resume' })
    expect(last.at(-1)).toBe('complete')

    expect(await metricsOf(killed)).toEqual(await metricsOf(alone))
    expect(await lastTable(killed)).toEqual(await lastTable(alone))
  },
)
