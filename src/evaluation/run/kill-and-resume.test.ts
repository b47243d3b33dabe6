import { afterAll, describe, expect, test } from '@jest/globals'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { INFRASTRUCTURE_OUTCOMES } from '../../core/sample.js'
import { openRun } from '../../store/open-run.js'
import { completionBody } from '../../llm/testing/completion-body.js'
import { startScriptedServer, type ScriptedStep } from '../../llm/testing/scripted-server.js'
import { replyOf, variedTurns, type Turn } from '../testing/fakes.js'
import { writeRows } from '../testing/rows.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-kill-'))
afterAll(() => rm(folder, { recursive: true }))

const testing = (name: string): string => fileURLToPath(new URL(`../testing/${name}`, import.meta.url))
const SAMPLES = 48

/** Run the evaluation in a process of its own; kill it (as with kill -9) when it has told of `killAfter` samples. Gives the lines it told. */
async function evaluateInProcess({
  rows,
  run,
  mode,
  policy = { kind: 'fake' },
  killAfter = Infinity,
}: {
  rows: string
  run: string
  policy?: { kind: 'fake' } | { kind: 'replay' | 'openai'; address: string }
  mode: 'create' | 'resume'
  killAfter?: number
}): Promise<string[]> {
  const options = ['--import', testing('typescript-loader.mjs'), testing('evaluation-process.mjs')]
  const child = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify({ rows, run: { path: run, mode }, policy, delayMs: 5 }))
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

describe('a run that is killed again and again', () => {
  test('loses no finished sample and ends with the summary of a run that was left alone', async () => {
    const rows = await writeRows({ path: join(folder, 'rows.jsonl'), count: SAMPLES / 2 })
    const [alone, killed] = [join(folder, 'alone'), join(folder, 'killed')]
    await evaluateInProcess({ rows, run: alone, mode: 'create' })

    const told = await evaluateInProcess({ rows, run: killed, mode: 'create', killAfter: 1 })
    for (const killAfter of [3, 11]) {
      told.push(...(await evaluateInProcess({ rows, run: killed, mode: 'resume', killAfter })))
    }
    const last = await evaluateInProcess({ rows, run: killed, mode: 'resume' })
    expect(last.at(-1)).toBe('complete')
    expect(told.length + last.length - 1).toBeLessThanOrEqual(SAMPLES)
    expect(new Set([...told, ...last]).size).toBe(told.length + last.length)

    for (const name of ['summary.json']) {
      expect(await readFile(join(killed, name), 'utf8')).toBe(await readFile(join(alone, name), 'utf8'))
    }
    expect((await readdir(join(killed, 'images'))).filter((name) => name.endsWith('.png')).sort()).toEqual(
      (await readdir(join(alone, 'images'))).sort(),
    )
    const keys: string[] = []
    for await (const { key, outcome } of (await openRun({ path: killed, mode: 'read' })).samples()) {
      expect(INFRASTRUCTURE_OUTCOMES.has(outcome)).toBe(false)
      keys.push(key)
    }
    expect(keys).toHaveLength(SAMPLES)
  })

  test('does so when it replays a run, and when its model is behind a server', async () => {
    const rows = await writeRows({ path: join(folder, 'served.jsonl'), count: SAMPLES / 2 })
    const server = await startScriptedServer({ handler: ({ json, text }) => served({ json, text }) })
    try {
      const recorded = join(folder, 'served-alone')
      const openai = { kind: 'openai', address: server.baseUrl } as const
      await evaluateInProcess({ rows, run: recorded, mode: 'create', policy: openai })
      const replay = { kind: 'replay', address: recorded } as const
      await evaluateInProcess({ rows, run: join(folder, 'replayed-alone'), mode: 'create', policy: replay })
      for (const [name, policy] of [['served', openai] as const, ['replayed', replay] as const]) {
        const run = join(folder, name)
        await evaluateInProcess({ rows, run, mode: 'create', policy, killAfter: 9 })
        await evaluateInProcess({ rows, run, mode: 'resume', policy })
        const summaryOf = (path: string) => readFile(join(path, 'summary.json'), 'utf8')
        expect(await summaryOf(run)).toBe(await summaryOf(`${run}-alone`))
      }
    } finally {
      await server.close()
    }
  })
})

/** The turns of {@link variedTurns}, told by the question and the turns before. */
function served({ json, text }: { json: unknown; text: string }): ScriptedStep {
  const { messages } = json as { messages: { role: string }[] }
  const number = Number(/Which number is (\d+)/.exec(text)?.[1])
  const turn = messages.filter(({ role }) => role === 'assistant').length
  const reply = replyOf((variedTurns({ number })[turn] ?? 'ok') as Exclude<Turn, Error>)
  return { delayMs: 5, body: completionBody({ text: reply.text, finishReason: reply.finishReason }) }
}
