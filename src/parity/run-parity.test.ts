import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { UsageError } from '../core/errors.js'
import { pureParitySet } from './parity-set.js'
import { runParity } from './run-parity.js'
import { answers } from './sets/answers.js'
import { formatReward } from './sets/format-reward.js'
import { judgeParse } from './sets/judge-parse.js'
import { rewardPaper } from './sets/reward-paper.js'
import { rewardRelease } from './sets/reward-release.js'
import { toolCallParse } from './sets/tool-call-parse.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parity-'))
})
afterEach(() => rm(directory, { recursive: true }))

const doubled = pureParitySet({
  name: 'doubled',
  answer: (input) => {
    if (typeof input !== 'number') throw new TypeError('no number')
    return { value: 2 * input }
  },
})

async function run(files: Record<string, string>) {
  const lines: string[] = []
  const paths = await Promise.all(
    Object.entries(files).map(async ([name, text]) => {
      await writeFile(join(directory, name), text)
      return join(directory, name)
    }),
  )
  const agrees = await runParity({ files: paths, sets: [doubled], print: (line) => lines.push(line) })
  return { agrees, lines }
}

const line = (id: string, input: unknown, expected: unknown) => `${JSON.stringify({ id, input, expected })}\n`

describe('runParity', () => {
  test('counts what agrees, and names sets that it does not know', async () => {
    const { agrees, lines } = await run({
      'doubled.part.jsonl': line('a', 2, { value: 4 }) + line('b', 3, { value: 6 }),
      'other.jsonl': line('a', 1, 1),
    })
    expect(agrees).toBe(true)
    expect(lines).toEqual(['doubled 2/2', 'other skipped (no such set here)'])
  })

  test('prints id, expected and got of what differs, errors included', async () => {
    const { agrees, lines } = await run({
      'doubled.jsonl': line('a', 2, { value: 5 }) + line('b', 'x', { value: 6 }) + line('c', 0, { value: 0 }),
    })
    expect(agrees).toBe(false)
    expect(lines).toEqual([
      'doubled 1/3',
      '  a',
      '    expected {"value":5}',
      '    got      {"value":4}',
      '  b',
      '    expected {"value":6}',
      '    got      {"thrown":"TypeError: no number"}',
    ])
  })

  test('line separators inside strings end no line', async () => {
    const { lines } = await run({ 'doubled.jsonl': `{"id":"a\u2028b","input":1,"expected":{"value":2}}\n` })
    expect(lines).toEqual(['doubled 1/1'])
  })

  test('no file, a missing file and a broken line are errors of usage', async () => {
    await expect(runParity({ files: [], sets: [], print: () => undefined })).rejects.toThrow(UsageError)
    await expect(
      runParity({ files: [join(directory, 'none.jsonl')], sets: [], print: () => undefined }),
    ).rejects.toThrow(/Cannot read .*none\.jsonl/)
    await expect(run({ 'doubled.jsonl': '{"id":"a"\n' })).rejects.toThrow(/doubled\.jsonl, line 1/)
  })
})

const vectors = resolve('..', 'shared', 'parity')
const withVectors = existsSync(vectors) ? test : test.skip

withVectors(
  'tool calls, answers, judge replies and rewards are read as the reference reads them',
  async () => {
    const lines: string[] = []
    const sets = [toolCallParse, answers, judgeParse, formatReward, rewardRelease, rewardPaper]
    const files = sets.map(({ name }) => join(vectors, `${name}.public.jsonl`))
    const agrees = await runParity({ files, sets, print: (text) => lines.push(text) })
    expect(lines).toHaveLength(sets.length)
    expect(agrees).toBe(true)
  },
)
