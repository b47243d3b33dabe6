import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from '@jest/globals'

/** The command as a user runs it. */
const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'codevision-boards-cli-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

function boards(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const given = ['data', 'boards', ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...given], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { code: status, stdout, stderr }
}

test('boards are drawn into a folder, once', async () => {
  const first = boards('--rows', '4', '--out', 'rows')
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toContain('rows.parquet')
  expect((await stat(join(folder, 'rows', 'rows.parquet'))).size).toBeGreaterThan(1000)
  const second = boards('--rows', '4', '--out', 'rows')
  expect(second.code).toBe(2)
  expect(second.stderr).toContain('is there already')
})

test.each([
  ['--jitter', '20'],
  ['--rows', '0'],
])('what cannot be drawn is refused with the option: %s %s', (option, value) => {
  const { code, stderr } = boards(option, value, '--out', 'other')
  expect(code).toBe(2)
  expect(stderr).toContain(option.slice(2))
})
