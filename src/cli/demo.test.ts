import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { shapeSchema } from '../experiments/mini/mini-shape.js'
import { writeMiniCheckpoint } from '../experiments/mini/write-mini-checkpoint.js'
import { openBackend } from '../models/backend/open-backend.js'

/** The command as a user runs it, with a new model and the real sandbox. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-demo-'))
  await openBackend('wasm')
  const shape = shapeSchema.parse({ layers: 1, visionDepth: 2 })
  await writeMiniCheckpoint({ directory: join(folder, 'model'), shape, seed: 1 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const demo = (...options: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [program, 'demo', '--rows', '6', '--output', 'runs', ...options], {
    cwd: folder,
  })

test('a checkpoint of the mini experiment plays over boards in every orientation, and the run is left to be viewed', async () => {
  const { stdout } = await demo('--model', 'model')
  const [run = ''] = (await readdir(join(folder, 'runs'))).filter((name) =>
    /^demo-mini-\d{8}-\d{6}$/.test(name),
  )
  expect(stdout).toContain(`node ${program} view runs/${run}`)
  // A new model writes no code.
  expect(stdout).toContain('No code was written.')
  const samples = (await readFile(join(folder, 'runs', run, 'samples.jsonl'), 'utf8')).trim().split('\n')
  const transforms = samples.map((line) => (JSON.parse(line) as { transform: string }).transform)
  expect(new Set(transforms).size).toBe(6)
})

test('the classical agent plays where it is asked for', async () => {
  const { stdout } = await demo('--policy', 'tesseract', '--seed', 'other')
  expect(stdout).toMatch(/Run: .*demo-tesseract-/)
})

test('a policy that the demo does not have is refused with the one that was meant', async () => {
  await expect(demo('--policy', 'tesserakt')).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean tesseract?') as unknown,
  })
})
