import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testRuntime } from './config/test-runtime.js'
import { CURATION_TYPES } from './core/curation.js'
import type { Sample } from './core/sample.js'
import type { Sandbox } from './core/sandbox.js'
import { parseMix, type CurationOptions } from './curation/plan/curation-options.js'
import { runCuration, type CurationResult } from './curation/run/run-curation.js'
import { plainTeacher, type PlainChanges } from './curation/testing/plain-teacher.js'
import { TEST_SETTINGS, TEST_VIEW, testOptions, wholeText } from './curation/testing/settings.js'
import { loadSuite, type Suite } from './data/load-suite.js'
import { parseMiniWorldConfig } from './data/mini-world/mini-world-config.js'
import { writeMiniWorld } from './data/mini-world/write-mini-world.js'
import { openRun } from './store/open-run.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** Curation through the real sandbox; CODEVISION_TEST_RUNTIME names the one under test. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice

let folder: string
let sandbox: Sandbox
let suite: Suite

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-curation-'))
  sandbox = await createSandbox({ runtime })
  const config = parseMiniWorldConfig({
    rows: 60,
    seed: 'curation',
    size: 640,
    view: TEST_VIEW,
    'read-height': 10,
    corrupted: 0.3,
    pairs: 0.5,
  })
  const { path } = await writeMiniWorld({ config, folder: join(folder, 'mini') })
  suite = await loadSuite({ suite: path })
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true })
})

let made = 0
async function curate(
  options: Partial<CurationOptions>,
  changes: PlainChanges = {},
): Promise<CurationResult & { samples: Sample[] }> {
  const path = join(folder, `run-${made++}`)
  const result = await runCuration({
    sources: [suite],
    createTeacher: ({ planOf }) => plainTeacher({ planOf, changes }),
    skeletonOf: wholeText,
    sandbox,
    agent: TEST_SETTINGS,
    provokedTimeoutMs: 1_000,
    options: testOptions(options),
    run: { path, mode: 'create' },
    concurrency: 4,
  })
  const samples: Sample[] = []
  for await (const sample of (await openRun({ path, mode: 'read' })).samples()) samples.push(sample)
  return { ...result, samples }
}

const mix = (text: string): Pick<CurationOptions, 'mix'> => ({ mix: parseMix(text) })
const reasons = ({ samples }: { samples: Sample[] }): (string | null)[] => [
  ...new Set(samples.map(({ curation }) => curation?.dropped?.reason ?? null)),
]

describe('a set of trajectories', () => {
  test('of every type, transformation and provocation stands up to verification', async () => {
    const { summary, samples, status } = await curate({ count: 60 })
    expect(status).toBe('complete')
    expect(
      samples.filter(({ curation }) => curation?.kept !== true).map(({ curation }) => curation?.dropped),
    ).toEqual([])
    expect(summary).toMatchObject({
      planned: 60,
      decided: 60,
      kept: 60,
      corrected: 0,
      failed: 0,
      dropped: {},
    })
    expect(Object.keys(summary.byType)).toEqual([...CURATION_TYPES])
    expect(Object.keys(summary.byTransform)).toHaveLength(6)
    expect(Object.keys(summary.byProvocation)).toHaveLength(5)
    expect(summary.visualTokens?.least).toBeGreaterThan(20)
    // In the order of its plan, whatever took long.
    expect(samples.map(({ taskId }) => Number(taskId.split('.')[1]))).toEqual([...samples.keys()])
  })
})

describe('verification', () => {
  test('finds a result that shows something else', async () => {
    const found = await curate(
      { count: 8, attempts: 1, ...mix('single-tool=1') },
      { call: ({ call }) => ({ ...call, code: `${call.code}\nresult.putpixel((3, 2), (1, 200, 3))` }) },
    )
    // What a filter has changed has no pixels of its own to be held against.
    const clean = found.samples.filter(({ metadata }) => metadata?.corruption === 'none')
    expect(clean.length).toBeGreaterThan(3)
    expect(reasons({ samples: clean })).toEqual(['result-differs'])
    expect(clean[0]?.curation?.dropped?.detail).toMatch(
      /^The result of call 1 \(\d+ × \d+ pixels\) shows no region/,
    )
  })

  test('finds evidence that no result shows', async () => {
    const found = await curate(
      { count: 8, attempts: 1, ...mix('multi-crop=1') },
      {
        calls: ({ calls }) =>
          calls.map((call) => ({ ...call, code: 'result = image.transpose(Image.Transpose.ROTATE_90)' })),
      },
    )
    expect(reasons(found).every((reason) => reason === 'type-differs' || reason === 'target-not-shown')).toBe(
      true,
    )
  })

  test('finds a filter that was planned and not applied', async () => {
    const found = await curate(
      { count: 24, attempts: 1, ...mix('multi-tool=1') },
      {
        call: ({ call }) => ({
          ...call,
          code: call.code.replace(/^result = .*(filter|autocontrast|enhance).*$/m, 'result = result.copy()'),
        }),
      },
    )
    const spoilt = found.samples.filter(({ metadata }) => metadata?.corruption !== 'none')
    expect(spoilt.length).toBeGreaterThan(3)
    for (const { curation } of spoilt)
      expect(['target-not-shown', 'type-differs']).toContain(curation?.dropped?.reason)
    expect(reasons({ samples: spoilt })).toContain('target-not-shown')
  })

  test('takes another route whose every result can be told', async () => {
    // Crops first, in the image as it lies, and turns the crop: nothing of the plan's boxes is used.
    const found = await curate(
      { count: 12, attempts: 1, ...mix('error-handling=1'), provocations: ['missing-name'] },
      {
        calls: ({ calls, plan }) => {
          const turn = plan.steps[0]?.operations[0]
          if (plan.images.length > 1 || turn?.op !== 'rotate_180') return calls
          const [failing, ...rest] = calls
          const back = rest.map((call) => ({
            ...call,
            code: call.code.replace(
              'rotate(180, expand=True)',
              'transpose(Image.Transpose.FLIP_LEFT_RIGHT).transpose(Image.Transpose.FLIP_TOP_BOTTOM)',
            ),
          }))
          return failing === undefined ? calls : [failing, ...back]
        },
      },
    )
    expect(found.samples.map(({ curation }) => curation?.dropped)).toEqual(
      Array.from({ length: 12 }, () => null),
    )
  })

  test('finds a wrong answer, a wrong form and an answer that was known too early', async () => {
    const wrong = await curate({ count: 6, attempts: 1 }, { answer: () => 'perhaps' })
    expect(reasons(wrong)).toEqual(['wrong-answer'])
    const formless = await curate(
      { count: 6, attempts: 1 },
      { text: ({ text }) => text.replace('<think>', '') },
    )
    expect(reasons(formless)).toEqual(['bad-format'])
    const early = await curate(
      { count: 6, attempts: 1, ...mix('multi-crop=1') },
      { thought: ({ plan, number }) => (number === 0 ? `It is ${plan.answer}, surely.` : 'Next.') },
    )
    expect(reasons(early)).toContain('early-answer')
    const told = await curate({ count: 6, attempts: 1 }, { thought: () => 'The metadata says so.' })
    expect(told.samples.map(({ curation }) => curation?.dropped)).toEqual(
      Array.from({ length: 6 }, () => expect.objectContaining({ reason: 'leak' })),
    )
  })

  test('finds that nothing went wrong, went wrong otherwise, or was never mended', async () => {
    const error = mix('error-handling=1')
    const provocations = ['missing-name', 'bad-argument'] as const
    const smooth = await curate(
      { count: 6, attempts: 1, ...error, provocations },
      {
        calls: ({ calls, plan }) =>
          calls.filter(
            (_, at) =>
              at < (plan.provocation?.step ?? 0) ||
              at >= (plan.provocation?.step ?? 0) + (plan.provocation?.times ?? 0),
          ),
      },
    )
    expect(reasons(smooth)).toEqual(['not-provoked'])
    const other = await curate(
      { count: 6, attempts: 1, ...error, provocations },
      {
        call: ({ call }) => ({
          ...call,
          ...((call.code.includes('rotate_image') || call.code.includes('30, 5')) && {
            code: 'raise MemoryError',
            imageIndex: 77,
          }),
        }),
      },
    )
    expect(reasons(other)).toEqual(['unplanned-error'])
    const given = await curate(
      { count: 6, attempts: 1, ...error, provocations },
      {
        calls: ({ calls, plan }) =>
          calls.slice(0, (plan.provocation?.step ?? 0) + (plan.provocation?.times ?? 0)),
      },
    )
    expect(reasons(given)).toEqual(['not-recovered'])
    const unplanned = await curate(
      { count: 6, attempts: 1, ...mix('single-tool=1') },
      { call: () => ({ code: 'oops', imageIndex: 0 }) },
    )
    expect(reasons(unplanned)).toEqual(['unplanned-error'])
  })
})

test('an attempt that failed is made again, and what is kept then is counted as corrected', async () => {
  const { summary, samples } = await curate(
    { count: 10 },
    { answer: ({ attempt, plan }) => (attempt === 0 ? 'no' : plan.answer) },
  )
  expect(summary).toMatchObject({ kept: 10, corrected: 10, rejectedAttempts: { 'wrong-answer': 10 } })
  expect(samples[0]).toMatchObject({ attempts: 2, curation: { kept: true, corrected: ['wrong-answer'] } })
})
