import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { TRANSFORMS } from '../core/transform.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const ONE = { n: 2, accuracy: 0.5, low: 0.1, high: 0.9, turns: 1, toolErrors: 0 }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-output-'))
  const stage = Object.fromEntries(TRANSFORMS.map((transform) => [transform, ONE]))
  await writeFile(join(folder, 'figures.json'), JSON.stringify({ rl: stage }))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A command that prints first and writes its file after it, in a shell that does something with its output. */
function shell(words: string, rest: string): Promise<{ code: number; stderr: string }> {
  const command = `{ "$0" "$1" ${words}; echo "exit $?" >&2; } ${rest}`
  return new Promise((resolve) =>
    execFile('sh', ['-c', command, process.execPath, program], { cwd: folder }, (_, __, stderr) => {
      const [, told = '', code] = /^(.*)exit (\d+)\n$/s.exec(stderr) ?? []
      resolve({ code: Number(code), stderr: told })
    }),
  )
}

test('a reader that is gone costs nothing', async () => {
  expect(await shell('experiment mini-seeds figures.json --json unread.json', '| true')).toEqual({
    code: 0,
    stderr: '',
  })
  expect(await readFile(join(folder, 'unread.json'), 'utf8')).toContain('rotate_90')
})

test('a disk that is full is told, and nothing else is lost', async () => {
  const { code, stderr } = await shell('experiment mini-seeds figures.json --json full.json', '> /dev/full')
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^Standard output could not be written, .*: ENOSPC.*\n$/) as unknown,
  })
  expect(await readFile(join(folder, 'full.json'), 'utf8')).toContain('rotate_90')
})

test('nor does a command that says how it ended say that all went well', async () => {
  const { code, stderr } = await shell('demo --policy tesseract --rows 1', '> /dev/full')
  expect({ code, stderr }).toMatchObject({ code: 1 })
  expect(stderr).toContain('Standard output could not be written')
}, 120_000)
