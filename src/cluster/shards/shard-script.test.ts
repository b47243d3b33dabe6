import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mergeWords, resumeVariable, shardLine, shardVariables } from './shard-script.js'
import { shardedCommand } from './sharded-command.js'

let output: string

beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), "codevision shard's "))
})

afterEach(() => rmSync(output, { recursive: true }))

/** What a shell makes of the script of shard `index`: the words that the program would get. */
function wordsOf(index: number | null): string[] {
  // printf stands for the program, and shows each word on a line.
  const words = ['printf', '%s\\n', 'eval', '/data/a $HOME (1).parquet', '--name', 'mine', '--output', output]
  const command = shardedCommand({ words, shards: 3 })
  const script = [...shardVariables(command, 'INDEX'), ...resumeVariable(command), shardLine(command)]
  const env = { PATH: process.env.PATH, ...(index !== null && { INDEX: String(index) }) }
  const text = execFileSync('/bin/sh', ['-euc', script.join('\n')], { env, stdio: 'pipe' }).toString()
  return text.split('\n').slice(0, -1)
}

test('index 0 is the first shard, of a run of its own that has not begun', () => {
  const expected = ['eval', '/data/a $HOME (1).parquet', '--shard', '1/3', '--name', 'mine-shard-1-of-3']
  expect(wordsOf(0)).toEqual([...expected, '--output', output])
})

test('a shard whose run has begun is resumed, and no other', () => {
  mkdirSync(join(output, 'mine-shard-3-of-3'))
  writeFileSync(join(output, 'mine-shard-3-of-3', 'manifest.json'), '{}')
  expect(wordsOf(2).at(-1)).toBe('--resume')
  expect(wordsOf(1)).not.toContain('--resume')
})

test('without an index nothing is run', () => {
  expect(() => wordsOf(null)).toThrow('is set by the cluster')
})

test('the merge names every shard, and where the whole goes', () => {
  const words = ['codevision', 'eval', 'rows.parquet', '--name', 'mine', '--output', '/runs']
  expect(mergeWords(shardedCommand({ words, shards: 2 }))).toEqual([
    ...['codevision', 'merge', '/runs/mine-shard-1-of-2', '/runs/mine-shard-2-of-2'],
    ...['--output', '/runs/mine'],
  ])
})
