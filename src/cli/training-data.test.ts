import { afterAll, expect, test } from '@jest/globals'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'

/** The commands as a user runs them: the built program. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = await realpath(await mkdtemp(join(tmpdir(), 'codevision-cli-training-')))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

interface Ended {
  code?: number
  stdout: string
  stderr: string
}

/** Whatever its exit code. */
const codevision = (...options: string[]): Promise<Ended> =>
  promisify(execFile)(process.execPath, [program, 'data', ...options], { cwd: folder }).catch(
    (error: unknown) => error as Ended,
  )

const row = (image: string) => ({
  conversations: [
    { from: 'human', value: '<image>What?' },
    { from: 'gpt', value: '<answer>a cat</answer>' },
  ],
  images: [image],
})

test('a foreign set is taken over, what cannot be is told, and what LLaMA-Factory says of both is checked', async () => {
  await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).toFile(
    join(folder, 'a.png'),
  )
  await writeFile(join(folder, 'foreign.json'), JSON.stringify([row('a.png'), row('none.png')]))

  const before = await codevision('check', 'foreign.json', '--json', 'found.json')
  const set = join(folder, 'foreign.json')
  expect(before).toMatchObject({
    code: 1,
    stdout: [
      `${set} row 2: images: image 1: expected an image file at none.png, got none there that can be read (LLaMA-Factory stops at this row)`,
      '2 rows of conversations, 2 images: 1 finding; of LLaMA-Factory: it stops at 1 row',
      '',
    ].join('\n'),
  })
  expect(JSON.parse(await readFile(join(folder, 'found.json'), 'utf8'))).toMatchObject({
    ...{ rows: 2, effects: { stops: 1, drops: 0, accepts: 0 } },
    list: [{ check: 'images', effect: 'stops', row: 2 }],
  })

  const exported = await codevision('export', 'foreign.json', '--format', 'llamafactory', '--out', 'out')
  expect(exported.code).toBe(1)
  expect(exported.stderr).toMatch(/^1: expected an image file at .*none\.png; Error: ENOENT/)
  expect(exported.stdout.split('\n')).toEqual([
    'Not exported: 1 row, each named above',
    `Written: ${join(folder, 'out/codevision_sft.json')} (1 row, 1 image beside it)`,
    `For LLaMA-Factory: dataset_dir: ${join(folder, 'out')}, dataset: codevision_sft`,
    '',
  ])

  const after = await codevision('check', 'out')
  expect(after).not.toHaveProperty('code')
  expect(after.stdout).toBe('1 row of conversations, 1 image: LLaMA-Factory takes all of them\n')
})

test('options that belong to another format are refused before anything is read', async () => {
  const common = ['export', 'nothing', '--out', 'x', '--format']
  expect(await codevision(...common, 'verl', '--images', 'view')).toMatchObject({
    code: 2,
    stderr: '--images: expected none with --format verl, whose images are always full resolution\n',
  })
  expect(await codevision(...common, 'jsonl', '--split', 'test')).toMatchObject({
    code: 2,
    stderr: '--system-prompt, --split: expected none with --format jsonl; they are for --format verl\n',
  })
})
