import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { testSample } from '../store/testing/sample.js'
import { openRun } from '../store/open-run.js'

/** `codevision report` and `codevision view` as a user runs them. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

let folder: string
let path: string
const running: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-cli-view-'))
  path = join(folder, 'run')
  const head = {
    ...{ suite: 'small', policy: { name: 'p', model: 'm' }, scoring: 'strict', judge: 'none' },
    ...{ epochs: 1, planned: 1 },
  }
  const run = await openRun({
    ...{ path, mode: 'create' },
    manifest: { identity: { head }, config: {}, environment: {} },
  })
  await run.append(testSample())
  await run.close()
})
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

interface Command {
  child: ChildProcess
  output: { stdout: string; stderr: string }
  ended: Promise<number | null>
}

function start(...args: string[]): Command {
  const child = spawn(process.execPath, [program, ...args], { env: { ...process.env, TMPDIR: folder } })
  running.push(child)
  const output = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text))
  return { child, output, ended: once(child, 'close').then(([code]) => code as number | null) }
}

test('report writes a page and says where', async () => {
  const { ended, output } = start('report', path)
  expect(await ended).toBe(0)
  expect(output.stdout).toMatch(/^Written: .*run\/report\.html \(1 samples?, 0\.1 MB\)\n$/)
})

test('report --out writes one page over several runs, and asks for the file of a page', async () => {
  const other = join(folder, 'other')
  await cp(path, other, { recursive: true })
  const page = join(folder, 'pages', 'both.html')
  const { ended, output } = start('report', path, other, '--out', page)
  expect(await ended).toBe(0)
  expect(output.stdout).toMatch(/^Written: .*pages\/both\.html \(2 samples, 0\.\d MB\)\n$/)
  expect(await readFile(page, 'utf8')).toContain('"base":"../other/"')
  const refused = start('report', path, other, '--out', folder)
  expect(await refused.ended).toBe(2)
  expect(refused.output.stderr).toMatch(/--out: expected the file of a page, such as runs\/both\.html, got /)
})

test('view gives an address, serves the run there, and ends with the first Ctrl-C', async () => {
  const { child, ended, output } = start('view', path)
  while (!output.stdout.includes('\n') && child.exitCode === null)
    await once(child.stdout as NodeJS.ReadableStream, 'data')
  const url = output.stdout.trim()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{24}\/$/)
  const page = await (await fetch(url)).text()
  expect(page).toContain('<title>run · CodeVision</title>')
  child.kill('SIGINT')
  expect(await ended).toBe(0)
  await expect(fetch(url)).rejects.toThrow()
})

test.each([
  [['view'], /Arguments are missing/],
  [['view', '/nowhere'], /expected the folder of a run/],
  [['view', '/nowhere', '--port', '99999'], /--port: expected a whole number from 0 to 65535, got 99999/],
  [['report', '/nowhere'], /expected the folder of a run/],
  [['report', '/nowhere', '--inline', '--paper'], /--inline and --out are for pages/],
  [['report', '/nowhere', '--markdown'], /go with --paper only/],
])('%j is refused as wrong usage', async (args, message) => {
  const { ended, output } = start(...args)
  expect(await ended).toBe(2)
  expect(output.stderr).toMatch(message)
})
