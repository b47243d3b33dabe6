import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'

/** The command as a user runs it. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'codevision-synth-cli-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const SMALL = ['--size', '512', '--view', '20736', '--read-height', '9']

function codevision(
  args: string[],
  { interruptWhen }: { interruptWhen?: () => Promise<boolean> } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [program, 'data', 'synth', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (out.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (out.stderr += String(chunk)))
  const watch = setInterval(() => {
    void interruptWhen?.().then((isTime) => {
      if (!isTime) return
      clearInterval(watch)
      child.kill('SIGINT')
    })
  }, 20)
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearInterval(watch)
      resolve({ code, ...out })
    }),
  )
}

test('draws rows and tells how many there are of each', async () => {
  const { code, stdout } = await codevision([...SMALL, '--rows', '12', '--out', 'mini'])
  expect(stdout).toMatch(/^transform .*\brotate_90 2\b/m)
  expect(stdout).toMatch(/^Rows: mini\/rows\.parquet$/m)
  expect(code).toBe(0)
  expect((await readdir(join(folder, 'mini'))).sort()).toEqual(['report.json', 'rows.parquet'])
})

test('what is asked wrongly ends with exit code 2 and a sentence', async () => {
  const number = await codevision(['--rows', 'many', '--out', 'x'])
  expect(number).toMatchObject({ code: 2, stderr: expect.stringMatching(/`rows`: expected number, got NaN/) })
  const style = await codevision(['--styles', 'card', '--out', 'x'])
  expect(style).toMatchObject({ code: 2, stderr: expect.stringMatching(/--styles: .*did you mean cards\?/) })
  const items = await codevision(['--items', '5', '--out', 'x'])
  expect(items).toMatchObject({ code: 2, stderr: expect.stringMatching(/`items/) })
  expect(await readdir(folder)).not.toContain('x')
})

test('Ctrl-C ends it with exit code 130, and no half file is left', async () => {
  const isWriting = async (): Promise<boolean> => {
    const names = await readdir(join(folder, 'stopped', '.mini-world.partial')).catch(() => [])
    return names.length > 0
  }
  const args = [...SMALL, '--rows', '100000', '--out', 'stopped']
  const { code, stderr } = await codevision(args, { interruptWhen: isWriting })
  expect(stderr).toMatch(/Stopping/)
  expect(code).toBe(130)
  expect(await readdir(join(folder, 'stopped'))).toEqual([])
})
