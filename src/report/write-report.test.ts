import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { parseReward } from '../config/reward-config.js'
import { scoreRun } from '../evaluation/rewards/score-run.js'
import { openRun } from '../store/open-run.js'
import { testSample } from '../store/testing/sample.js'
import type { PageBoot, ReportData, SampleDetail } from './report-data.js'
import { writeExampleRuns } from './testing/example-runs.js'
import { writeTestRun } from './testing/test-run.js'
import { writeInlineReport } from './write-inline-report.js'
import { writeReport } from './write-report.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-report-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function readChunk(path: string, name: string): Promise<unknown> {
  let json = ''
  runInNewContext(await readFile(join(path, 'report', name), 'utf8'), {
    codevisionChunk: (text: string) => (json = text),
  })
  return JSON.parse(json)
}

async function readReport(path: string): Promise<{ data: ReportData; samples: SampleDetail[] }> {
  const html = await readFile(join(path, 'report.html'), 'utf8')
  const boot = JSON.parse(/id="boot">(.*?)<\/script>/.exec(html)?.[1] ?? '') as PageBoot
  const data = (await readChunk(path, boot.runs[0]?.index ?? '')) as ReportData
  const chunks = await Promise.all(
    data.chunks.map((name) => readChunk(path, name) as Promise<SampleDetail[]>),
  )
  return { data, samples: chunks.flat() }
}

test('every sample stands whole in a chunk, where its row says', async () => {
  const { a } = await writeExampleRuns(folder)
  const written = await writeReport({ path: a })
  expect(written).toMatchObject({ file: join(a, 'report.html'), samples: 32 })
  const { data, samples } = await readReport(a)
  expect(data.chunks.length).toBeGreaterThan(1)
  const reader = await openRun({ path: a, mode: 'read' })
  const { key, chunk, place } = data.samples
  for (const [index, each] of key.entries()) {
    const inChunk = (await readChunk(a, data.chunks[chunk[index] ?? -1] ?? '')) as SampleDetail[]
    const { derived, ...sample } = inChunk[place[index] ?? -1] as SampleDetail
    expect(sample).toEqual(await reader.find(each))
    expect(derived).toEqual({ rewards: [], scores: [] })
  }
  expect(samples).toHaveLength(32)
  expect(data.summary.overall).toMatchObject({ n: 32, correct: 11, withErrors: 2, recoveries: 1 })
  expect(data.totals.errorKinds).toEqual([['runtime', 2]])
})

test('rows are cut where a model wrote megabytes, samples are not', async () => {
  const path = join(folder, 'long')
  const question = 'q'.repeat(3_000_000)
  await writeTestRun({ path, samples: [testSample({ question, answers: [question] })], images: [] })
  await writeReport({ path })
  const { data, samples } = await readReport(path)
  expect(data.samples.question[0]?.length).toBeLessThan(700)
  expect(data.samples.answers[0]?.length).toBeLessThan(700)
  expect(samples[0]?.question).toBe(question)
})

test('rewards and scores that were derived later stand beside the recorded ones', async () => {
  const { a } = await writeExampleRuns(folder)
  await scoreRun({
    ...{ path: a, reward: parseReward({ variant: 'paper' }), analyzer: null },
    draw: async () => '<svg/>',
  })
  const score = { profile: 'lenient', answer: '42', correct: true, rule: 'near', judge: null }
  await writeFile(
    join(a, 'scores.lenient.jsonl'),
    `${JSON.stringify({ key: 'recovering#1', outcome: 'correct', score })}\n{"key": 5}\n`,
  )
  await writeReport({ path: a })
  const { data, samples } = await readReport(a)
  expect(data.rewards.map(({ name, overall }) => [name, overall.n])).toEqual([['paper-observed', 32]])
  const sample = samples.find(({ key }) => key === 'recovering#1')
  expect(sample?.derived.scores).toEqual([['lenient', { key: 'recovering#1', outcome: 'correct', score }]])
  const [[name, reward] = []] = sample?.derived.rewards ?? []
  expect(name).toBe('paper-observed')
  expect(reward?.parts['r_acc']).toBe(1)
})

test('a report that is written again replaces the old one and leaves nothing of it', async () => {
  const { a } = await writeExampleRuns(folder)
  await writeReport({ path: a })
  const before = await readdir(join(a, 'report'))
  await writeReport({ path: a })
  expect(await readdir(join(a, 'report'))).toEqual(before)
  const run = await openRun({ path: a, mode: 'append' })
  await run.append(testSample({ taskKey: 'late' }))
  await run.close()
  await writeReport({ path: a })
  const { data } = await readReport(a)
  expect(data.samples.key).toContain('late#1')
  const index = (await readdir(join(a, 'report'))).filter((name) => name.startsWith('index-'))
  expect(index).toHaveLength(1)
  expect(before).not.toContain(index[0])
  expect(await readdir(a)).not.toContain('lock.json')
})

test('figures of the paper come with the suites that have some', async () => {
  const path = join(folder, 'suite')
  await writeTestRun({ path, samples: [testSample()], images: [], suite: 'mvtoolbench' })
  await writeReport({ path })
  const { data } = await readReport(path)
  expect(data.paper.find(({ model }) => model === 'CodeVision-7B')?.accuracy).toEqual({ overall: 60.1 })
})

test('a run without samples, and one with a torn last line, have reports too', async () => {
  const path = join(folder, 'empty')
  await writeTestRun({ path, samples: [], images: [] })
  expect(await writeReport({ path })).toMatchObject({ samples: 0 })
  await appendFile(join(path, 'samples.jsonl'), `${JSON.stringify(testSample())}\n{"key": "to`)
  expect(await writeReport({ path })).toMatchObject({ samples: 1 })
})

test('a folder without a run, and a run that is being written, are refused', async () => {
  await mkdir(join(folder, 'none'))
  await expect(writeReport({ path: join(folder, 'none') })).rejects.toThrow(/expected the folder of a run/)
  const path = join(folder, 'open')
  await writeTestRun({ path, samples: [], images: [] })
  const run = await openRun({ path, mode: 'append' })
  await expect(writeReport({ path })).rejects.toThrow(/being written by process/)
  await run.close()
})

test('one page with everything holds each image once, and one that would be too large is refused with its size', async () => {
  const { a } = await writeExampleRuns(folder)
  const { file, bytes } = await writeReport({ path: a, inline: true })
  const html = await readFile(file, 'utf8')
  expect(Buffer.byteLength(html)).toBe(bytes)
  const images = [...html.matchAll(/data-image="([0-9a-f]{64})"/g)].map(([, sha256]) => `${sha256}.png`)
  const all = await readdir(join(a, 'images'))
  expect(new Set(images).size).toBe(images.length)
  expect(images.every((name) => all.includes(name))).toBe(true)
  // Of the one image that the model saw reduced, the reduced copy is left out.
  expect(images).toHaveLength(all.length - 1)
  await rm(file)
  const run = await openRun({ path: a, mode: 'derive' })
  await expect(writeInlineReport({ runs: [run], file, limit: 1e6 })).rejects.toThrow(
    /--inline: one page with everything would have \d\.\d MB \(\d\.\d MB of it images\), more than 1\.0 MB/,
  )
  await run.close()
  expect((await readdir(a)).filter((name) => name.includes('inline'))).toEqual([])
})

test('a sample that the machine failed is in no rate, one that was cut off counts as wrong', async () => {
  const path = join(folder, 'ends')
  const error = { name: 'SandboxError', message: 'gone' }
  const score = { profile: 'strict', answer: 'a', correct: false, value: 0.25, rule: 'near', judge: null }
  await writeTestRun({
    ...{ path, images: [] },
    samples: [
      testSample({ taskKey: 'failed', outcome: 'sandbox-error', error }),
      testSample({ taskKey: 'unusable', outcome: 'sandbox-error', error: { ...error, fault: 'data' } }),
      testSample({ taskKey: 'cut', outcome: 'truncated' }),
      testSample({ taskKey: 'partly', outcome: 'wrong', scores: { strict: score } }),
      testSample({ taskKey: 'right', outcome: 'correct' }),
    ],
  })
  await writeReport({ path })
  const { data } = await readReport(path)
  const { key, value, ending, words } = data.samples
  expect(key.map((each, index) => [each, words[ending[index] ?? -1], value[index]])).toEqual([
    ['failed#1', 'sandbox-error', null],
    ['unusable#1', 'unusable', null],
    ['cut#1', 'truncated', 0],
    ['partly#1', 'wrong', 0.25],
    ['right#1', 'correct', 1],
  ])
  expect(data.summary.overall).toMatchObject({ n: 3, correct: 1, unusable: 1 })
})
