import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { mergeLines, refusalLines, resumeVariable, shardLine, shardVariables } from './shard-script.js'
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
  const expected = ['eval', '--shard', '1/3', '--name', 'mine-shard-1-of-3', '--output', output]
  expect(wordsOf(0)).toEqual([...expected, '/data/a $HOME (1).parquet'])
})

test('a shard whose run has begun is resumed, and no other', () => {
  mkdirSync(join(output, 'mine-shard-3-of-3'))
  writeFileSync(join(output, 'mine-shard-3-of-3', 'manifest.json'), '{}')
  expect(wordsOf(2).slice(0, 2)).toEqual(['eval', '--resume'])
  expect(wordsOf(1)).not.toContain('--resume')
})

test('without an index nothing is run', () => {
  expect(() => wordsOf(null)).toThrow('is set by the cluster')
})

test('what the shard has of its own stands directly behind eval, where no word of the command can hide it', () => {
  const words = ['codevision', 'eval', 'a.parquet', '--name', 'mine', '--output', '/runs']
  const line = shardLine(shardedCommand({ words, shards: 3 }), ['--runtime', 'bubblewrap'])
  expect(line).toMatch(
    /^codevision eval --runtime bubblewrap .*--shard .*--name .*--output \/runs a\.parquet$/,
  )
})

function merged(shards: number): string[] {
  const words = ['printf', '%s\\n', 'eval', 'rows.parquet', '--name', 'mine', '--output', output]
  const script = mergeLines(shardedCommand({ words, shards })).join('\n')
  return execFileSync('/bin/sh', ['-euc', script]).toString().split('\n').slice(0, -1)
}

test('the merge names every shard, and where the whole goes', () => {
  const runs = [1, 2, 3].map((shard) => join(output, `mine-shard-${shard}-of-3`))
  expect(merged(3)).toEqual(['merge', ...runs, '--output', join(output, 'mine')])
})

test('as many shards as may be are merged by a script that a system takes as an argument', () => {
  expect(merged(5_000)).toHaveLength(5_003)
})

test('where the merged run is there nothing goes on', () => {
  const words = ['codevision', 'eval', 'rows.parquet', '--name', 'mine', '--output', output]
  const script = [...refusalLines(shardedCommand({ words, shards: 2 })), 'echo on'].join('\n')
  const run = (): string => execFileSync('/bin/sh', ['-euc', script], { stdio: 'pipe' }).toString()
  expect(run()).toBe('on\n')
  mkdirSync(join(output, 'mine'))
  expect(run).toThrow(`${output}/mine: expected nothing there`)
})
