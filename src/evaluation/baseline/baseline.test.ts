import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import type { SampleDigest } from '../summary/digest.js'
import { digestOf } from '../summary/digest.js'
import { questionsHash } from '../summary/questions-hash.js'
import { summarize, type Summary } from '../summary/summary.js'
import { testSample } from '../testing/samples.js'
import { renderBaseline } from './baseline-table.js'
import { checkBaseline, checkBaselineHead } from './check-baseline.js'
import { readBaseline } from './read-baseline.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-baseline-'))
})
afterAll(() => rm(folder, { recursive: true }))

const HEAD = {
  ...{ suite: 'small', policy: { name: 'openai', model: 'm' }, scoring: 'strict', judge: 'none' },
  ...{ judgeReading: null, epochs: 1, planned: 200 },
}

/** 100 samples of Source and 100 of Rot90, with so many right. */
function summaryOf({ none, rotate_90 }: { none: number; rotate_90: number }): Summary {
  const digests = (['none', 'rotate_90'] as const).flatMap((transform): SampleDigest[] =>
    Array.from({ length: 100 }, (_, index) =>
      digestOf(
        testSample({
          name: `${transform}${index}`,
          transform,
          outcome: index < (transform === 'none' ? none : rotate_90) ? 'correct' : 'wrong',
        }),
      ),
    ),
  )
  return summarize({ head: HEAD, digests })
}

/** What the run that made such a summary would say of itself before its start. */
const SAME = { ...HEAD, questions: summaryOf({ none: 0, rotate_90: 0 }).questions ?? '' }

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

test('thresholds of a file, in percent, are met up to the tolerance', async () => {
  const path = await file(
    'thresholds.yaml',
    'accuracy: { overall: 70, none: 80, rotate_90: 61.5 }\ntolerance: 1\n',
  )
  const rows = checkBaseline({
    summary: summaryOf({ none: 80, rotate_90: 60 }),
    baseline: await readBaseline(path),
  })
  expect(rows.map(({ figure, isMissed }) => [figure, isMissed])).toEqual([
    ['overall', false],
    ['none', false],
    ['rotate_90', true],
  ])
  expect(renderBaseline({ path, rows })).toMatch(
    /1 of 3 figures are missed\.\n.*\nRot90 +61\.5 % +60\.0 % +−1\.5 .* MISSED$/s,
  )
})

test('a figure that the run does not have is missed', async () => {
  const path = await file('absent.yaml', 'accuracy: { flip_vertical: 0 }\ncategories: { Factoid: 10 }\n')
  const rows = checkBaseline({
    summary: summaryOf({ none: 80, rotate_90: 60 }),
    baseline: await readBaseline(path),
  })
  expect(rows.map(({ figure, measured, isMissed }) => [figure, measured, isMissed])).toEqual([
    ['flip_vertical', null, true],
    ['category Factoid', null, true],
  ])
  expect(renderBaseline({ path, rows })).toContain('not in this run')
})

test('against an earlier run only what chance does not explain is missed', async () => {
  const before = summaryOf({ none: 80, rotate_90: 60 })
  const baseline = await readBaseline(await file('summary.json', JSON.stringify(before)))
  const missed = (summary: Summary, tolerance: number | null = null): string[] =>
    checkBaseline({ summary, baseline, tolerance }).flatMap(({ figure, isMissed }) =>
      isMissed ? [figure] : [],
    )
  expect(missed(before)).toEqual([])
  // 72 of 100 after 80 is within chance (p = 0.19), 65 is not (p = 0.02); 125 of 200 after 140 is.
  expect(missed(summaryOf({ none: 72, rotate_90: 60 }))).toEqual([])
  expect(missed(summaryOf({ none: 65, rotate_90: 60 }))).toEqual(['none'])
  expect(missed(summaryOf({ none: 72, rotate_90: 60 }), 0.05)).toEqual(['none'])
})

test('a summary of the first version can be a baseline, and so can a run folder', async () => {
  const { overall, byTransform, ...head } = summaryOf({ none: 80, rotate_90: 60 })
  const old = (rates: Summary['overall']): object => ({
    accuracy: rates.accuracy,
    interval: rates.interval,
    n: rates.n,
  })
  const first = {
    ...HEAD,
    schemaVersion: 1,
    isComplete: head.isComplete,
    overall: old(overall),
    byTransform: Object.fromEntries(Object.entries(byTransform).map(([name, rates]) => [name, old(rates)])),
  }
  await file('summary.json', JSON.stringify(first))
  const baseline = await readBaseline(folder)
  expect([...baseline.figures.keys()]).toEqual(['overall', 'none', 'rotate_90'])
})

test('figures of another scoring are refused before anything is run', async () => {
  const summary = summaryOf({ none: 80, rotate_90: 60 })
  const baseline = await readBaseline(await file('other.json', JSON.stringify(summary)))
  expect(() => checkBaselineHead({ baseline, head: SAME })).not.toThrow()
  const check = () => checkBaselineHead({ baseline, head: { ...SAME, scoring: 'codevision', judge: 'wise' } })
  expect(check).toThrow(UsageError)
  expect(check).toThrow(/scoring strict there, codevision here; judge none there, wise here/)
})

test('figures of other questions, of an unfinished run or of none are refused', async () => {
  const summary = summaryOf({ none: 80, rotate_90: 60 })
  const baseline = await readBaseline(await file('whole.json', JSON.stringify(summary)))
  expect(() => checkBaselineHead({ baseline, head: { ...SAME, planned: 20 } })).toThrow(
    /planned 200 there, 20 here/,
  )
  const unfinished = await file('unfinished.json', JSON.stringify({ ...summary, isComplete: false }))
  await expect(readBaseline(unfinished)).rejects.toThrow(
    /complete run, got 200 of 200 samples; finish it first/,
  )
  const nothing = summarize({ head: HEAD, digests: [] })
  const none = await file('nothing.json', JSON.stringify(nothing))
  await expect(readBaseline(none)).rejects.toThrow(/nothing was scored/)
})

test('figures of other data of the same size are refused; a summary that does not say what was asked is not', async () => {
  const { questions, ...older } = summaryOf({ none: 80, rotate_90: 60 })
  const head = { ...HEAD, questions: questionsHash(['another', 'question']) }
  const baseline = await readBaseline(await file('same.json', JSON.stringify({ ...older, questions })))
  expect(() => checkBaselineHead({ baseline, head })).toThrow(
    /same suite, scoring, judge and questions, got other questions: texts, answers or images differ/,
  )
  const old = await readBaseline(await file('older.json', JSON.stringify(older)))
  expect(() => checkBaselineHead({ baseline: old, head })).not.toThrow()
})

test('thresholds of categories alone will do', async () => {
  const { figures } = await readBaseline(await file('categories.yaml', 'categories: { charts: 50 }\n'))
  expect([...figures]).toEqual([['category charts', 0.5]])
})

test.each([
  ['share.yaml', 'accuracy: { overall: 0.6 }', /expected percent, such as 60, and not a share/],
  ['whole-share.yaml', 'accuracy: { overall: 1.0 }', /not a share .*, got 1$/],
  ['unknown.yaml', 'accuracy: { rot90: 5 }', /unknown key `accuracy.rot90`/],
  ['range.yaml', 'accuracy: { overall: 170 }', /`accuracy.overall`/],
  ['empty.yaml', 'accuracy: {}', /at least one threshold/],
  ['wrong.json', '{}', /`schemaVersion`/],
  ['cut.json', '{"schemaVersion": 2', /expected summary\.json of a run/],
])('%s is no baseline, and says why', async (name, text, message) => {
  const read = readBaseline(await file(name, text))
  await expect(read).rejects.toThrow(UsageError)
  await expect(read).rejects.toThrow(message)
})
