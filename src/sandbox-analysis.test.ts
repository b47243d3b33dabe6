import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { testRuntime } from './config/test-runtime.js'
import type { SandboxPool } from './sandbox/pool.js'
import { openSandboxPool, type RuntimeChoice } from './wiring.js'

/** What calls do, read from their text in the real sandbox; CODEVISION_TEST_RUNTIME names the one under test. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice

const TURN = { code: 'result = image.rotate(90, expand=True)' }
const TURNED = { transforms: ['rotate_90'], cropBoxes: [], problem: null }
const NOTHING = { transforms: [], cropBoxes: [], problem: null }

let sandbox: SandboxPool

beforeAll(async () => {
  sandbox = await openSandboxPool({ runtime, standby: false })
})
afterAll(() => sandbox.close())

test('a call is read from its code and its description', async () => {
  const code = 'w, h = 640, 480\nresult = image.crop((0, h // 2, w, h))'
  const analyses = await sandbox.analyze([{ code, description: 'Flip it vertically' }, TURN])
  expect(analyses).toEqual([
    { transforms: ['crop', 'flip_vertical'], cropBoxes: [[0, 240, 640, 480]], problem: null },
    TURNED,
  ])
})

test('no code and no calls are nothing', async () => {
  expect(await sandbox.analyze([])).toEqual([])
  expect(await sandbox.analyze([{ code: null }])).toEqual([NOTHING])
})

test('thousands of calls are read, each in its place', async () => {
  const calls = Array.from({ length: 3_000 }, (_, index) => ({
    code: `result = image.crop((0, 0, 1, ${index}))`,
  }))
  const analyses = await sandbox.analyze(calls)
  expect(analyses.map(({ cropBoxes }) => cropBoxes[0]?.[3])).toEqual(calls.map((_, index) => index))
})

test.each([
  ['brackets without end', '('.repeat(90_000)],
  ['signs without end', `image.rotate(${'-'.repeat(90_000)}90)`],
  ['a sum of 30,000 terms', `image.crop((${'1+'.repeat(30_000)}1, 0, 1, 1))`],
  ['sequences in sequences', `image.crop(${'tuple(['.repeat(90)}1${'])'.repeat(90)})`],
  ['blanks without end', `image.rotate(${' '.repeat(90_000)}`],
  ['NUL and half a character', 'image.rotate(0)\0\ud800'],
])('%s are read like any text', async (_, code) => {
  expect(await sandbox.analyze([TURN, { code }, TURN])).toEqual([TURNED, NOTHING, TURNED])
})

test('10 MB of text are refused', async () => {
  const [refused, read] = await sandbox.analyze([{ code: 'x = 1\n'.repeat(1_700_000) }, TURN])
  expect(refused).toMatchObject({ transforms: [], problem: { kind: 'too-long' } })
  expect(read).toEqual(TURNED)
})

test('a text that takes longer than the deadline costs itself only', async () => {
  const slow = { code: `${'cv2.rotate('.repeat(9_000)})` }
  const hasty = await openSandboxPool({ runtime, standby: false, limits: { timeoutMs: 500 } })
  try {
    const [before, late, after] = await hasty.analyze([TURN, slow, TURN])
    expect([before, after]).toEqual([TURNED, TURNED])
    expect(late).toMatchObject({ transforms: [], problem: { kind: 'timeout' } })
  } finally {
    await hasty.close()
  }
})

test('calls run beside an analysis, and an analysis can be aborted', async () => {
  const aborted = AbortSignal.abort()
  await expect(sandbox.analyze([TURN], { signal: aborted })).rejects.toThrow(/abort/i)
  const controller = new AbortController()
  const analysis = sandbox.analyze(Array(2_000).fill(TURN), { signal: controller.signal })
  controller.abort()
  await expect(analysis).rejects.toThrow(/abort/i)
  expect(await sandbox.analyze([TURN])).toEqual([TURNED])
})
