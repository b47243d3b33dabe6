import { afterAll, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { loadSuite } from '../data/load-suite.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'codevision-cli-data-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const codevision = (...options: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [program, 'data', ...options], { cwd: folder })

test('data transform writes a row for each orientation, which eval can read', async () => {
  const image = await sharp(Buffer.from([1, 2]), { raw: { width: 2, height: 1, channels: 1 } })
    .png()
    .toBuffer()
  const row = { question: 'Q?', answer: 'a', image: { bytes: image.toString('base64') } }
  await writeFile(join(folder, 'rows.jsonl'), JSON.stringify(row))
  const { stdout } = await codevision(
    'transform',
    'rows.jsonl',
    '--output',
    'turned.parquet',
    '--transforms',
    'none',
    'rotate_90',
  )
  expect(stdout).toBe('2 rows: turned.parquet\n')
  const suite = await loadSuite({ suite: join(folder, 'turned.parquet') })
  const transforms: string[] = []
  for await (const { task } of suite.tasks()) transforms.push(task.transform)
  expect(transforms).toEqual(['none', 'rotate_90'])
})

test('data transform writes no file where the limit begins behind the last row', async () => {
  await writeFile(join(folder, 'one.jsonl'), JSON.stringify({ question: 'Q?', answer: 'a', image: 'x.png' }))
  await expect(
    codevision('transform', 'one.jsonl', '--output', 'none.jsonl', '--limit', '7-9'),
  ).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/limit: expected rows between 1 and 6 of .*one\.jsonl, got 7-9/) as unknown,
  })
  await expect(access(join(folder, 'none.jsonl'))).rejects.toThrow('ENOENT')
})

test('data transform refuses an orientation that does not exist, with the one that was meant', async () => {
  await expect(
    codevision('transform', 'rows.jsonl', '--output', 'x.parquet', '--transforms', 'rotate_9'),
  ).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean rotate_90?') as unknown })
})

test('data check of a folder without conversations asks for a file in it', async () => {
  await mkdir(join(folder, 'pictures'))
  await expect(codevision('check', 'pictures')).rejects.toMatchObject({
    code: 2,
    stderr: `${join(folder, 'pictures')} is a folder: expected the path of a .parquet, .jsonl, .tsv or .yaml file, such as one in it\n`,
  })
})

test('data check prints a line for each finding and the counts, writes JSON, and ends with 1; without findings with 0', async () => {
  const image = await sharp(Buffer.from([1, 2]), { raw: { width: 2, height: 1, channels: 1 } })
    .png()
    .toBuffer()
  const row = { question: 'Q?', answer: 'a', image: { bytes: image.toString('base64') } }
  await writeFile(join(folder, 'right.jsonl'), JSON.stringify(row))
  expect((await codevision('check', 'right.jsonl')).stdout).toBe('1 row, 1 image: nothing found\n')

  await writeFile(join(folder, 'wrong.jsonl'), JSON.stringify({ ...row, bbox: [0, 0, 3, 1] }))
  const line = `${join(folder, 'wrong.jsonl')} line 1: box: box: expected a box inside of 2 × 1, got [0, 0, 3, 1]`
  await expect(codevision('check', 'wrong.jsonl', '--json', 'found.json')).rejects.toMatchObject({
    code: 1,
    stdout: `${line}\n1 row, 1 image: 1 finding (box 1)\n`,
  })
  const written: unknown = JSON.parse(await readFile(join(folder, 'found.json'), 'utf8'))
  expect(written).toMatchObject({ rows: 1, findings: { box: 1, image: 0 }, list: [{ check: 'box', row: 1 }] })
})
