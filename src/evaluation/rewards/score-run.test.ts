import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { parseReward } from '../../config/reward-config.js'
import type { Operation } from '../../core/execution.js'
import type { Sample } from '../../core/sample.js'
import type { ToolAnalyzer } from '../../core/tool-analysis.js'
import { trajectory, type TestCall } from '../../reward/testing/trajectory.js'
import { openRun } from '../../store/open-run.js'
import { testSample } from '../../store/testing/sample.js'
import { renderDisagreements } from './disagreement-table.js'
import { renderRewardTable } from './reward-table.js'
import { scoreRun } from './score-run.js'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-rewards-'))
  path = join(folder, 'run')
  const head = {
    ...{ suite: 'small', policy: { name: 'p', model: 'm' } },
    ...{ scoring: 'strict', judge: 'wise', epochs: 2, planned: 5 },
  }
  const run = await openRun({
    ...{ path, mode: 'create' },
    manifest: {
      identity: { head, settings: { judge: { model: 'wise', reading: 'codevision' } } },
      ...{ config: {}, environment: {} },
    },
  })
  for (const sample of SAMPLES) await run.append(sample)
  await run.close()
})
afterEach(() => rm(folder, { recursive: true }))

const CROP: Operation = {
  ...{ op: 'crop', call: 'crop', args: [], affine: null },
  ...{ box: [0, 0, 5, 10], verified: true },
}

function sample(changes: Parameters<typeof testSample>[0], ...calls: TestCall[]): Sample {
  const made = trajectory({ calls })
  for (const { call, execution } of made.calls) if (call.code === 'crop') execution.operations = [CROP]
  return testSample({ requiredTools: ['crop'], box: [0, 0, 10, 10], trajectory: made, ...changes })
}

/** Two rollouts of the task `b` that differ, one of the task `a`, and one that the machine failed. */
const SAMPLES = [
  sample({ taskKey: 'b', epoch: 1 }, { code: 'crop' }),
  sample({ taskKey: 'b', epoch: 0, outcome: 'wrong' }, { code: 'nothing' }),
  sample({ taskKey: 'a', epoch: 0, outcome: 'wrong' }),
  sample({
    ...{ taskKey: 'a', epoch: 1, outcome: 'sandbox-error', trajectory: null },
    error: { name: 'SandboxError', message: 'gone' },
  }),
]

/** Takes the word `crop` for a crop of everything, and cannot read `nothing`. */
const analyzer: ToolAnalyzer = {
  analyze: async (calls) =>
    calls.map(({ code }) =>
      code === 'crop'
        ? { transforms: ['crop'], cropBoxes: [[0, 0, 10, 10]], problem: null }
        : { transforms: [], cropBoxes: [], problem: { kind: 'raised', type: 'TypeError' } },
    ),
}
const draw = async (): Promise<string> => '<svg/>'
const paper = parseReward({ variant: 'paper' })

async function linesOf(name: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(path, name), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('every sample that ended has a line with its parts and reasons, and the samples stay as they are', async () => {
  const before = await readFile(join(path, 'samples.jsonl'))
  const { files } = await scoreRun({ path, reward: paper, analyzer: null, draw })
  expect(files).toBe('rewards/paper-observed')
  const lines = await linesOf(`${files}.jsonl`)
  expect(lines).toMatchObject([
    { key: 'a#0', group: 'a', outcome: 'wrong', total: expect.closeTo(0.1, 9) },
    { key: 'b#0', group: 'b', outcome: 'wrong', parts: { mustUse: 0 } },
    { key: 'b#1', group: 'b', outcome: 'correct', parts: { mustUse: 0.5, bestIoU: 0.5 } },
  ])
  expect((lines[2]?.['reasons'] as string[]).join(' ')).toContain('best crop IoU 0.50')
  expect(await readFile(join(path, 'samples.jsonl'))).toEqual(before)
  expect((await readdir(join(path, 'rewards'))).sort()).toEqual(
    ['json', 'jsonl', 'svg'].map((ending) => `paper-observed.${ending}`),
  )
  expect(await readdir(path)).not.toContain('lock.json')
})

test('the table has a mean of every component by outcome, and counts groups and failures', async () => {
  const { summary, disagreements } = await scoreRun({ path, reward: paper, analyzer: null, draw })
  expect(disagreements).toBeNull()
  expect(summary).toMatchObject({
    isComplete: false,
    groups: { n: 2, degenerate: 1, single: 1 },
    excluded: { 'sandbox-error': 1 },
    overall: { n: 3, means: { mustUse: expect.closeTo(1 / 6, 9) } },
    byOutcome: { correct: { n: 1, means: { mustUse: 0.5 } }, wrong: { n: 2, means: { mustUse: 0 } } },
  })
  const table = renderRewardTable(summary)
  // Outcomes are those of the run's own scoring, which the table names.
  expect(table).toMatch(
    /^small · p \(m\) · scoring strict · judge wise \(codevision\) · 2 epochs · reward paper · analysis observed\n/,
  )
  expect(table).toMatch(/^mean of +all +correct +wrong$/m)
  expect(table).toMatch(/^mustUse +0\.167 +0\.500 +0\.000$/m)
  expect(table).toContain('2 groups, 1 degenerate (every total equal), 1 of one rollout.')
  expect(table).toContain('Without a reward, since the machine failed: 1 sandbox-error.')
  expect(table).toContain('1 of 5 samples were not run.')
})

test('a run is complete without the samples whose images cannot be used', async () => {
  const run = await openRun({ path, mode: 'append' })
  await run.append(sample({ taskKey: 'a', epoch: 1 }))
  await run.append(
    sample({
      ...{ taskKey: 'c', epoch: 0, outcome: 'sandbox-error', trajectory: null },
      error: { name: 'ImageError', message: 'no image', fault: 'data' },
    }),
  )
  await run.close()
  const { summary } = await scoreRun({ path, reward: paper, analyzer: null, draw })
  expect(summary).toMatchObject({ isComplete: true, overall: { n: 4 }, excluded: { unusable: 1 } })
  const table = renderRewardTable(summary)
  expect(table).toContain('1 of 5 samples have images that cannot be used, and no reward.')
  expect(table).not.toMatch(/machine failed|not run/)
})

test('read from texts, the run tells where that and the observation disagree', async () => {
  const reward = parseReward({ variant: 'paper', analysis: 'static', without: ['penalty'] })
  const { files, summary, disagreements } = await scoreRun({ path, reward, analyzer, draw })
  expect(files).toBe('rewards/paper-static-without-penalty')
  expect(summary.byOutcome.correct?.means['bestIoU']).toBe(1)
  expect(summary.unreadTexts).toEqual({ raised: 1 })
  expect(disagreements).toMatchObject({ calls: 2, lines: [{ key: 'b#1', call: 0, kind: 'boxes' }] })
  expect(await linesOf('rewards/disagreements.jsonl')).toEqual(disagreements?.lines)
  const text = renderDisagreements(disagreements ?? { calls: 0, lines: [] })
  expect(text).toContain('2 calls compared, 1 differ.')
  expect(text).toContain('[[0,0,10,10]] and [[0,0,5,10]] (b#1, call 0)')
})

test('other weights have files of their own', async () => {
  const reward = parseReward({ variant: 'paper', weights: { beta1: 2 } })
  const { files } = await scoreRun({ path, reward, analyzer: null, draw })
  expect(files).toMatch(/^rewards\/paper-observed-[0-9a-f]{8}$/)
})

test('a run that is being written is left alone', async () => {
  const run = await openRun({ path, mode: 'append' })
  await expect(scoreRun({ path, reward: paper, analyzer: null, draw })).rejects.toThrow(/written|lock/)
  await run.close()
})

test('a reward from texts needs who reads them', async () => {
  const reward = parseReward({ variant: 'release' })
  await expect(scoreRun({ path, reward, analyzer: null, draw })).rejects.toThrow(/reward.analysis is static/)
})
