import { expect, test } from '@jest/globals'
import { SandboxError } from '../../core/errors.js'
import type { Finished, FinishedError } from '../host-event.js'
import type { AnalyzeJob } from '../job.js'
import { analyzeCalls, LONGEST_ANALYZED_TEXT } from './analyze-calls.js'

const crop = { transforms: ['crop'], crop_boxes: [[0, 1, 2, 3]] }
const read = { transforms: ['crop'], cropBoxes: [[0, 1, 2, 3]], problem: null }

function answered(job: AnalyzeJob, answer: unknown = crop): Finished {
  return { event: 'finished', id: 1, status: 'ok', answers: job.calls.map(() => answer) }
}

function ended(kind: FinishedError['kind'], killed = false): FinishedError {
  const claim = { root: null, size: null, steps: [] }
  const told = {
    type: null,
    message: `ended by ${kind}`,
    traceback: '',
    line: null,
    stdout: '',
    durationMs: 0,
  }
  return { event: 'finished', id: 1, status: 'error', kind, operations: claim, ...told, killed }
}

async function analyze(codes: readonly string[], run: (job: AnalyzeJob) => Finished | Promise<Finished>) {
  const jobs: AnalyzeJob[] = []
  const analyses = await analyzeCalls({
    calls: codes.map((code) => ({ code })),
    readsObjects: false,
    concurrency: 2,
    run: async (job) => {
      jobs.push(job)
      return run(job)
    },
  })
  return { analyses, sizes: jobs.map(({ calls }) => calls.length) }
}

test('many calls are read in few jobs, and answered in their order', async () => {
  const codes = Array.from({ length: 300 }, (_, index) => `call ${index}`)
  const { analyses, sizes } = await analyze(codes, async (job) => {
    // Later batches are faster.
    await new Promise((resolve) => setTimeout(resolve, job.calls.length / 10))
    const answers = job.calls.map(({ code }) => ({ transforms: [code], crop_boxes: [] }))
    return { event: 'finished', id: 1, status: 'ok', answers }
  })
  expect(analyses.map(({ transforms }) => transforms[0])).toEqual(codes)
  expect(sizes).toEqual([128, 128, 44])
})

test('long texts share no job with many others', async () => {
  const { sizes } = await analyze(Array<string>(12).fill('x'.repeat(90_000)), answered)
  expect(sizes).toEqual([5, 5, 2])
})

test.each(['timeout', 'memory', 'crash', 'output'] as const)(
  'a text that ends its worker by %s costs itself only',
  async (kind) => {
    const { analyses, sizes } = await analyze(['a', 'bad', 'c'], (job) =>
      job.calls.some(({ code }) => code === 'bad') ? ended(kind) : answered(job),
    )
    const problem = { kind, message: `ended by ${kind}` }
    expect(analyses).toEqual([read, { transforms: [], cropBoxes: [], problem }, read])
    expect(sizes).toEqual([3, 1, 1, 1])
  },
)

test('a text that is too long is not sent', async () => {
  const { analyses, sizes } = await analyze(['a', 'x'.repeat(LONGEST_ANALYZED_TEXT + 1)], answered)
  expect(sizes).toEqual([1])
  expect(analyses[0]).toEqual(read)
  expect(analyses[1]).toMatchObject({ transforms: [], problem: { kind: 'too-long' } })
})

test.each([
  ['too few answers', [crop]],
  ['edges that are no numbers', [crop, { transforms: [], crop_boxes: [[0, 1, 2, 'wide']] }]],
  ['a box of three', [crop, { transforms: [], crop_boxes: [[0, 1, 2]] }]],
  ['names that are none', [crop, { transforms: [5], crop_boxes: [] }]],
  ['nothing', [crop, null]],
])('an answer with %s is not believed', async (_, answers) => {
  const { analyses } = await analyze(['a', 'b'], (job) =>
    job.calls.length === 1 ? answered(job) : { event: 'finished', id: 1, status: 'ok', answers },
  )
  expect(analyses).toEqual([read, read])
  const { analyses: alone } = await analyze(['a'], (job) => answered(job, 'nonsense'))
  expect(alone[0]?.problem).toMatchObject({ kind: 'output' })
})

test('numbers that JSON cannot hold arrive', async () => {
  const { analyses } = await analyze(['a'], (job) =>
    answered(job, { transforms: [], crop_boxes: [['NaN', 'Infinity', '-Infinity', -0]] }),
  )
  expect(analyses[0]?.cropBoxes).toEqual([[Number.NaN, Infinity, -Infinity, -0]])
})

test('where the released reader raises, that is the answer', async () => {
  const { analyses } = await analyze(['a'], (job) => answered(job, { raised: 'OverflowError' }))
  expect(analyses[0]).toEqual({
    transforms: [],
    cropBoxes: [],
    problem: { kind: 'raised', type: 'OverflowError' },
  })
})

test('what the machine did wrong is tried again, and is an error in the end', async () => {
  let failures = 2
  const { analyses } = await analyze(['a'], (job) => {
    if (failures-- > 0) throw new SandboxError('the host died', { isRetryable: true })
    return answered(job)
  })
  expect(analyses).toEqual([read])
  await expect(
    analyze(['a'], () => {
      throw new SandboxError('the host died', { isRetryable: true })
    }),
  ).rejects.toThrow('the host died')
})

test('a worker that the system killed is tried again before its text is blamed', async () => {
  let kills = 1
  const { analyses } = await analyze(['a'], (job) => (kills-- > 0 ? ended('memory', true) : answered(job)))
  expect(analyses).toEqual([read])
  const { analyses: blamed } = await analyze(['a'], () => ended('memory', true))
  expect(blamed[0]?.problem).toMatchObject({ kind: 'memory' })
})
