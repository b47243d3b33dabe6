import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import type { CodeCall } from './core/code-call.js'
import { compareAnalyses } from './reward/analysis/compare-analyses.js'
import type { Disagreement } from './reward/analysis/disagreement.js'
import { observedAnalysis } from './reward/analysis/observed-analysis.js'
import type { SandboxPool } from './sandbox/pool.js'
import { openSandboxPool, type RuntimeChoice } from './wiring.js'

/** Both analyses of calls that really run; CODEVISION_TEST_RUNTIME names the sandbox under test. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice

const WIDTH = 308
const HEIGHT = 224

let sandbox: SandboxPool
let image: Buffer

beforeAll(async () => {
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
  const noise = Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => (Math.imul(index + 1, 2654435761) >>> 16) & 255),
  )
  const smooth = await sharp(noise, { raw }).blur(3).normalise().raw().toBuffer()
  image = await sharp(smooth, { raw }).png().toBuffer()
  sandbox = await openSandboxPool({ runtime, standby: false })
})
afterAll(() => sandbox.close())

/** The disagreements over the last of some calls. */
async function disagreements(...calls: CodeCall[]): Promise<Disagreement[]> {
  const session = await sandbox.open([image])
  try {
    let found: Disagreement[] = []
    for (const call of calls) {
      const execution = await session.execute(call)
      const { code, description = '' } = call
      const [read] = await sandbox.analyze([{ code, description }])
      if (read === undefined) throw new Error('expected an analysis')
      found = compareAnalyses({ call, execution, read })
    }
    return found
  } finally {
    await session.close()
  }
}

async function reasons(...calls: CodeCall[]): Promise<string[]> {
  return (await disagreements(...calls)).map((each) =>
    each.kind === 'boxes' ? `boxes: ${each.reason}` : `${each.saidBy} ${each.transform}: ${each.reason}`,
  )
}

describe('two analyses of one call', () => {
  test.each([
    ['result = image.rotate(90, expand=True)'],
    ['result = image.transpose(Image.FLIP_LEFT_RIGHT)'],
    ['w, h = 308, 224\nresult = image.crop((w // 4, 0, w, h // 2))'],
  ])('often agree: %j', async (code) => {
    expect(await reasons({ code })).toEqual([])
  })

  test.each([
    ['# .rotate(90) first?\nresult = ImageOps.flip(image)', ['static rotate_90: comment']],
    ['note = "image.rotate(180)"\nresult = image.copy()', ['static rotate_180: comment']],
    [
      'a = np.array(image)\nresult = Image.fromarray(np.rot90(a, 2))',
      ['static rotate_90: rot90-count', 'observed rotate_180: rot90-count'],
    ],
    [
      'result = Image.fromarray(np.rot90(np.array(image), k=3))',
      ['static rotate_90: rot90-count', 'observed rotate_270: rot90-count'],
    ],
    ['angle = 270\nresult = image.rotate(angle, expand=True)', ['observed rotate_270: argument-unseen']],
    ['result = image.transpose(Image.Transpose.ROTATE_90)', ['observed rotate_90: argument-unseen']],
    ['result = Image.fromarray(cv2.flip(np.array(image), 1))', ['observed flip_horizontal: call-unknown']],
    ['if False:\n    image = image.rotate(90)\nresult = image.copy()', ['static rotate_90: without-effect']],
    ['image.rotate(90)\nresult = image.copy()', ['static rotate_90: not-verified']],
    ['result = image.rotate(90)\nraise ValueError("no")', ['static rotate_90: call-failed']],
    [
      'result = Image.fromarray(cv2.rotate(np.array(image)[:], cv2.ROTATE_180))',
      ['observed rotate_180: argument-unseen'],
    ],
    ['w, h = image.size\nresult = image.crop((0, 0, w // 2, h // 2))', ['observed crop: argument-unseen']],
    ['result = image.rotate(90, expand=True).crop((0, 0, 100, 100))', ['boxes: other-frame']],
    ['result = image.crop((100, 50, 400, 200))', ['boxes: clipped']],
    ['result = image.crop((50, 50, 250, 200)).crop((10, 10, 100, 100))', ['boxes: several-crops']],
    ['w = 200\nif False:\n    w = 120\nresult = image.crop((0, 0, w, 100))', ['boxes: other-values']],
  ])('differ in %j, and it is told why', async (code, expected) => {
    expect(await reasons({ code })).toEqual(expected)
  })

  test('a crop of an earlier result counts in its pixels for the one, in those of the task image for the other', async () => {
    const crop = { code: 'result = image.crop((100, 50, 300, 200))' }
    const next = { code: 'result = image.crop((10, 10, 60, 60))', imageIndex: 1 }
    expect(await disagreements(crop, next)).toEqual([
      { kind: 'boxes', static: [[10, 10, 60, 60]], observed: [[110, 60, 160, 110]], reason: 'other-frame' },
    ])
  })

  test('what only the description says is no operation of the code', async () => {
    const call = { code: 'result = image.copy()', description: 'crop, then flip horizontally' }
    expect(await reasons(call)).toEqual(['static flip_horizontal: description', 'static crop: description'])
  })

  test('a text that is not read says nothing, the run does', async () => {
    const code = 'result = image.rotate(90, expand=True)'
    const session = await sandbox.open([image])
    try {
      const execution = await session.execute({ code })
      expect(observedAnalysis(execution).transforms).toEqual(['rotate_90'])
      const read = { transforms: [], cropBoxes: [], problem: { kind: 'raised', type: 'TypeError' } } as const
      const found = compareAnalyses({
        call: { code },
        execution,
        read: { ...read, transforms: [], cropBoxes: [] },
      })
      expect(found).toEqual([
        { kind: 'transform', transform: 'rotate_90', saidBy: 'observed', reason: 'unreadable' },
      ])
    } finally {
      await session.close()
    }
  })
})
