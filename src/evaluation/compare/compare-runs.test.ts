import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import { openScoredRun, type ScoredRun } from '../scored-run.js'
import { testSample, writeTestRun } from '../testing/samples.js'
import { compareRuns } from './compare-runs.js'
import { renderComparison, renderComparisonMatrix } from './comparison-table.js'

type Written = Parameters<typeof writeTestRun>[0]

async function runOf(
  grades: Readonly<Record<string, boolean>>,
  { change = (sample) => sample, ...more }: Partial<Written> & { change?: (sample: Sample) => Sample } = {},
): Promise<ScoredRun> {
  const samples = Object.entries(grades).map(([name, isRight]) =>
    change(
      testSample({
        name,
        outcome: isRight ? 'correct' : 'wrong',
        transform: name.startsWith('r') ? 'rotate_90' : 'none',
        score: { answer: isRight ? name : `not ${name}` },
      }),
    ),
  )
  return openScoredRun({ path: await writeTestRun({ ...more, samples }) })
}

test('pairs by key: accuracies, difference, intervals and flips, for all and for each transformation', async () => {
  const a = await runOf({ n1: true, n2: false, n3: false, r1: true, r2: false, onlyA: true })
  const b = await runOf({ r2: true, r1: false, n3: true, n2: true, n1: true })
  const comparison = await compareRuns({ a, b })
  expect(comparison).toMatchObject({ onlyA: 1, onlyB: 0, forced: [], settings: [] })
  expect(comparison.overall).toMatchObject({
    ...{ n: 5, clusters: 5, accuracyA: 0.4, accuracyB: 0.8, gained: 3, lost: 1 },
    // Exact: 2 · (1 + 4) / 16.
    mcnemar: 0.625,
    credit: null,
  })
  expect(comparison.overall.difference).toBeCloseTo(0.4, 12)
  expect(comparison.byTransform).toMatchObject({
    none: { n: 3, gained: 2, lost: 0 },
    rotate_90: { n: 2, gained: 1, lost: 1, mcnemar: 1 },
  })
  expect(comparison.flips.gained.map(({ key }) => key)).toEqual(['n2#0', 'n3#0', 'r2#0'])
  expect(comparison.flips.lost).toEqual([
    {
      ...{ key: 'r1#0', taskId: 'r1', transform: 'rotate_90', category: null },
      ...{ question: 'What is r1?', answers: ['r1'] },
      a: { answer: 'r1', outcome: 'correct', credit: 1, link: `${a.run.path}/report.html#sample=r1%230` },
      b: { answer: 'not r1', outcome: 'wrong', credit: 0, link: `${b.run.path}/report.html#sample=r1%230` },
    },
  ])
})

test('failures of the infrastructure are in no pair', async () => {
  const a = await runOf({ n1: true, n2: true })
  const b = await runOf(
    { n1: true, n2: true },
    { change: (sample) => (sample.taskId === 'n2' ? { ...sample, outcome: 'model-error' } : sample) },
  )
  expect(await compareRuns({ a, b })).toMatchObject({ overall: { n: 1 }, onlyA: 1 })
})

test('runs of other scoring, judge, suite or data are refused, unless forced', async () => {
  const a = await runOf({ n1: true })
  const b = await runOf(
    { n1: true },
    {
      head: { scoring: 'codevision', suite: 'large' },
      identity: { dataset: { sha256: 'e'.repeat(64), rows: 1, selection: null } },
    },
  )
  const refused = compareRuns({ a, b })
  await expect(refused).rejects.toThrow(UsageError)
  await expect(refused).rejects.toThrow(
    /data: "d{12}…" in A, "e{12}…" in B\n  suite: "small" in A, "large" in B\n  scoring: "strict" in A, "codevision" in B\nCompare runs of the same data, .*--force/,
  )
  const other = await runOf({ n1: true }, { head: { scoring: 'codevision' } })
  await expect(compareRuns({ a, b: other })).rejects.toThrow(
    /"codevision" in B\nScore both under one profile/,
  )
  const { forced } = await compareRuns({ a, b, force: true })
  expect(forced).toHaveLength(3)
})

test('settings that differ are told and refuse nothing', async () => {
  const agent = { prompt: 'f'.repeat(64), tools: [], view: { maxPixels: 1000 }, limits: { turns: 12 } }
  const settings = {
    policy: { kind: 'openai', model: 'm', temperature: 0 },
    seed: 0,
    judge: 'none',
    tools: [{ name: 'find', kind: 'ocr' }],
  }
  const a = await runOf({ n1: true }, { identity: { agent, settings } })
  const b = await runOf(
    { n1: false },
    {
      head: { policy: { name: 'openai', model: 'other' } },
      identity: {
        agent: { ...agent, prompt: '0'.repeat(64), view: { maxPixels: 2000 } },
        settings: {
          ...settings,
          policy: { ...settings.policy, model: 'other', temperature: 1 },
          tools: [
            { name: 'read', kind: 'http' },
            { name: 'find', kind: 'http' },
          ],
        },
      },
    },
  )
  expect((await compareRuns({ a, b })).settings).toEqual([
    'agent.prompt: "ffffffffffff…" in A, "000000000000…" in B',
    'agent.view.maxPixels: 1000 in A, 2000 in B',
    'model: "openai (m)" in A, "openai (other)" in B',
    'policy.temperature: 0 in A, 1 in B',
    'tools.find.kind: "ocr" in A, "http" in B',
    'tools.read: nothing in A, {"kind":"http"} in B',
  ])
})

test('runs without a sample in common cannot be compared', async () => {
  const [a, b] = [await runOf({ n1: true }), await runOf({ n2: true })]
  await expect(compareRuns({ a, b })).rejects.toThrow(/samples that both have scored, got none/)
})

test('variants of one question stay together, and partial credit has its own difference', async () => {
  const cluster = (sample: Sample): Sample => ({ ...sample, cluster: sample.taskId.slice(0, 2) })
  const graded =
    (value: number) =>
    (sample: Sample): Sample => ({
      ...cluster(sample),
      category: 'Factoid',
      scores: {
        strict: { profile: 'strict', answer: 'x', correct: false, rule: 'anls', judge: null, value },
      },
    })
  const names = { n1a: false, n1b: false, n2a: false, n2b: false }
  const a = await runOf(names, { change: graded(0.25) })
  const b = await runOf(names, { change: graded(0.5) })
  const comparison = await compareRuns({ a, b })
  expect(comparison.overall).toMatchObject({
    n: 4,
    clusters: 2,
    credit: { a: 0.25, b: 0.5, difference: 0.25, bootstrap: null },
  })
  expect(Object.keys(comparison.byCategory)).toEqual(['Factoid'])
  expect(renderComparison({ comparison, shownFlips: 5 })).toMatch(
    /4 pairs come from 2 questions.*p takes pairs as independent/,
  )
  expect(renderComparison({ comparison, shownFlips: 5 })).toMatch(
    /mean credit .*\n.*Factoid +4 +25\.0 % +50\.0 % +\+25\.0 /s,
  )
})

test('where the scoring gives partial credit, that is compared, and a flip is any answer that earned more or less', async () => {
  const graded =
    (values: readonly number[]) =>
    (sample: Sample): Sample => {
      const value = values[Number(sample.taskId.slice(1))] ?? 0
      const outcome = value === 1 ? 'correct' : 'wrong'
      const score = { profile: 'strict', answer: `says ${value}`, correct: value === 1, judge: null }
      return { ...sample, outcome, scores: { strict: { ...score, rule: 'anls', value } } }
    }
  const names = { n0: true, n1: true, n2: true, n3: true }
  const a = await runOf(names, { change: graded([0.4, 0, 1, 1]) })
  const b = await runOf(names, { change: graded([1, 0.5, 0.75, 1]) })
  const comparison = await compareRuns({ a, b })
  // Fully right: two in each run. Credit: 2.4 and 3.25 of 4.
  expect(comparison.overall).toMatchObject({
    ...{ n: 4, accuracyA: 0.5, accuracyB: 0.5, difference: 0, gained: 2, lost: 1 },
    // Exact: 2 · (1 + 3) / 8.
    mcnemar: 1,
  })
  expect(comparison.overall.credit?.a).toBeCloseTo(0.6, 12)
  expect(comparison.overall.credit?.b).toBeCloseTo(0.8125, 12)
  expect(comparison.flips.gained.map(({ key, a, b }) => [key, a.credit, b.credit])).toEqual([
    ['n0#0', 0.4, 1],
    ['n1#0', 0, 0.5],
  ])
  expect(comparison.flips.lost.map(({ key }) => key)).toEqual(['n2#0'])
  const text = renderComparison({ comparison, shownFlips: 5 })
  expect(text).toMatch(
    /mean credit .* gained +lost +sign test p\nSource +4 +60\.0 % +81\.3 % +\+21\.3 .* 2 +1 /,
  )
  expect(text).toMatch(/\nfull credit .*\nSource +4 +50\.0 % +50\.0 % +0\.0 /)
  expect(text).toMatch(/\nB earned more \(2\):\n  n0 · Source · 0\.4 → 1 · What is n0\?/)
  expect(text).toMatch(/\nA earned more \(1\):\n  n2 · Source · 1 → 0\.75 · What is n2\?/)
  expect(renderComparisonMatrix([comparison])).toMatch(
    /mean credit, in percentage points.*\nrun +\+21\.3 \(/s,
  )
})

test('where no answer differs, variants of one question have no interval of no width', async () => {
  const cluster = (sample: Sample): Sample => ({ ...sample, cluster: sample.taskId.slice(0, 2) })
  const answers = { n1a: true, n1b: true, n2a: false, n2b: false }
  const [a, b] = [await runOf(answers, { change: cluster }), await runOf(answers, { change: cluster })]
  const comparison = await compareRuns({ a, b })
  expect(comparison.overall).toMatchObject({ n: 4, clusters: 2, bootstrap: null })
  const text = renderComparison({ comparison, shownFlips: 0 })
  expect(text).toMatch(/all +4 +50\.0 % +50\.0 % +0\.0 +no discordant pairs +0 +0 +1\.0000\n/)
})

test('as text: a line a transformation, what differs, and flips with links', async () => {
  const a = await runOf({ n1: true, n2: false, r1: true, r2: false, r3: false })
  const b = await runOf({ n1: true, n2: true, r1: false, r2: true, r3: true })
  const comparison = await compareRuns({ a, b })
  const text = renderComparison({ comparison, shownFlips: 1 })
  expect(text).toMatch(/^A: .*\/run · small · openai \(m\) · scoring strict · judge none\nB: /)
  expect(text).toMatch(/Source +2 +50\.0 % +100\.0 % +\+50\.0 .* 1 +0 +1\.0000\n/)
  expect(text).toMatch(/all +5 +40\.0 % +80\.0 % +\+40\.0 .* 3 +1 +0\.6250\n/)
  expect(text).toMatch(
    /A wrong, B right \(3\):\n  n2 · Source · What is n2\? → n2\n    key n2#0\n    A wrong: not n2  \S+#sample=n2%230\n/,
  )
  expect(text).toMatch(/… and 2 more: --flips N/)
  expect(renderComparison({ comparison, shownFlips: 0 })).not.toMatch(/A wrong, B right/)
  const matrix = renderComparisonMatrix([comparison, comparison])
  expect(matrix).toMatch(
    /^Against run \(m\).*Source +Rot90 +all\nrun +\+50\.0 \(.* to .*\) +\+33\.3 .*\nrun /s,
  )
})
