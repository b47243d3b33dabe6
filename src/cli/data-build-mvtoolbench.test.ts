import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { drawHiertext } from '../data/mvtoolbench-build/testing/draw-hiertext.js'
import { runCommand, type Finished } from './testing/run-command.js'

/** The command as a user runs it. */
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-data-cli-'))
  await drawHiertext({ folder, images: 12 })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const INPUT = [
  '--annotations',
  'annotations.jsonl.gz',
  '--images',
  'images',
  '--kinds',
  'line-end',
  'word-after',
]

function codevision(args: string[], { interruptAt }: { interruptAt?: string } = {}): Promise<Finished> {
  return runCommand({
    args: ['data', 'build-mvtoolbench', ...args],
    cwd: folder,
    ...(interruptAt !== undefined && { interruptWhen: (stderr) => stderr.includes(interruptAt) }),
  })
}

test('builds, proves and reports', async () => {
  const { code, stdout } = await codevision([
    ...INPUT,
    '--output',
    'suite.parquet',
    '--rows',
    '10',
    '--check',
  ])
  expect(stdout).toMatch(/12 annotated images, \d+ words/)
  expect(stdout).toMatch(/line-end +1 +1 +1 +1 +1 +5/)
  expect(stdout).toMatch(/Checked: the box of each of 10 rows/)
  expect(stdout).toMatch(/Rows: .*suite\.parquet\n/)
  expect(code).toBe(0)
  const names = await readdir(folder)
  expect(names).toEqual(expect.arrayContaining(['suite.parquet', 'suite.sheet.html', 'suite.report.json']))
})

test('what is asked wrongly ends with exit code 2 and a sentence', async () => {
  const wrong = await codevision([...INPUT, '--output', 'x.parquet', '--rows', 'many'])
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/`rows`: expected number, got NaN/) })
  const kind = await codevision([...INPUT, 'line-ends', '--output', 'x.parquet'])
  expect(kind).toMatchObject({ code: 2, stderr: expect.stringMatching(/--kinds: .*did you mean line-end\?/) })
  const lack = await codevision([...INPUT, '--output', 'x.parquet', '--rows', '5000'])
  expect(lack).toMatchObject({ code: 2, stderr: expect.stringMatching(/found enough for \d+/) })
})

test('Ctrl-C ends it with exit code 130, and no half file is left', async () => {
  const args = [...INPUT, '--output', 'stopped.jsonl', '--rows', '12']
  const { code, stderr } = await codevision(args, { interruptAt: 'reading' })
  expect(stderr).toMatch(/Stopping/)
  expect(code).toBe(130)
  expect((await readdir(folder)).filter((name) => name.includes('stopped'))).toEqual([])
})
