import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { generateDemoSuite } from '../data/demo/generate-demo-suite.js'
import { writeParquet } from '../data/write-parquet.js'
import { openBackend } from '../models/backend/open-backend.js'
import { writeTinyCheckpoint } from '../models/testing/tiny-checkpoint.js'
import { findTorchEnvironment } from '../setup/torch-environment.js'

/** The command as a user runs it, over a checkpoint of random weights and the real sandbox. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const isAsked = process.env['CODEVISION_TEST_TORCH'] === '1' && (await findTorchEnvironment()) !== null
const withTorch = isAsked ? test : test.skip
jest.setTimeout(300_000)

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-cli-torch-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'tiny'), contextTokens: 16_384 })
  await writeParquet({
    path: join(folder, 'rows.parquet'),
    rows: generateDemoSuite({ rows: 4, seed: 'torch' }),
  })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const OPTIONS = [
  ...['eval', 'rows.parquet', '--policy', 'torch', '--model', 'tiny', '--device', 'cpu'],
  ...['--judge', 'none', '--temperature', '1', '--turns', '3', '--max-pixels', '4096', '--concurrency', '4'],
]

withTorch('eval lets the torch engine answer a file of questions', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...OPTIONS, '--name', 'whole'], {
    cwd: folder,
  })
  expect(stdout).toMatch(/Run: .*whole/)
  const lines = (await readFile(join(folder, 'runs/whole/samples.jsonl'), 'utf8')).trim().split('\n')
  const outcomes = lines.map((line) => (JSON.parse(line) as { outcome: string }).outcome)
  expect(outcomes).toHaveLength(4)
  for (const outcome of outcomes) expect(['correct', 'wrong', 'truncated', 'turn-limit']).toContain(outcome)
  const summary = JSON.parse(await readFile(join(folder, 'runs/whole/summary.json'), 'utf8')) as {
    policy: object
  }
  expect(summary.policy).toMatchObject({
    name: 'torch',
    model: expect.stringMatching(/^tiny@[0-9a-f]{12}\/torch-cpu-float32$/) as unknown,
  })
})

withTorch('a controller that is killed leaves no engine running', async () => {
  const controller = spawn(process.execPath, [program, ...OPTIONS, '--name', 'killed'], {
    cwd: folder,
    stdio: 'ignore',
  })
  const engine = await until(async () => (await childrenOf(controller.pid)).find((child) => child.isEngine))
  controller.kill('SIGKILL')
  await until(() => Promise.resolve(existsSync(`/proc/${engine.pid}`) ? undefined : true))
})

async function childrenOf(pid: number | undefined): Promise<{ pid: number; isEngine: boolean }[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const children = text.split(' ').filter(Boolean).map(Number)
  return Promise.all(
    children.map(async (child) => ({
      pid: child,
      isEngine: (await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')).includes('py_engine'),
    })),
  )
}

/** What becomes so, however long it takes; the test's own limit ends it. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen !== undefined) return seen
    await sleep(50)
  }
}
