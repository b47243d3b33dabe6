import { join } from 'node:path'
import type { Operation, ToolUse } from '../../core/execution.js'
import type { Sample } from '../../core/sample.js'
import { TRANSFORMS } from '../../core/transform.js'
import {
  cropped,
  reduced,
  scoredSample,
  testImage,
  testTrajectory,
  turned,
  writeTestRun,
  type TestImage,
} from './test-run.js'

const operation = (op: string, affine: number[], box: Operation['box']): Operation => ({
  ...{ op, call: `Image.${op}`, args: [], verified: true },
  ...{ affine, box },
})

const use = (call: string, tool: ToolUse): Operation => ({
  ...{ op: null, call, args: [], affine: null, box: null, verified: true, tool },
})

/** Everything that a text of a model may hold to do harm or to be unreadable. */
export const HOSTILE = [
  '<script>globalThis.wasRun = true</script>',
  '<img src=x onerror="globalThis.wasRun = true">',
  '</script><script>globalThis.wasRun = true</script>',
  '<!--<script>',
  'line\u2028paragraph\u2029end',
  'half \ud800 of a pair',
  'turned \u202e around',
  'שלום עולם',
  'null \u0000 byte',
  "it's a \\ back\\\\slash `${globalThis}`",
].join('\n')

/** Two small runs of the same questions, `a` and `b` in a folder; in `b` two answers differ. */
export async function writeExampleRuns(folder: string): Promise<{ a: string; b: string }> {
  const [a, b] = [join(folder, 'a'), join(folder, 'b')]
  const first = await exampleSamples({ isBetter: false })
  const second = await exampleSamples({ isBetter: true })
  await writeTestRun({ path: a, ...first })
  await writeTestRun({ path: b, ...second, model: 'tiny-trained' })
  return { a, b }
}

async function exampleSamples({
  isBetter,
}: {
  isBetter: boolean
}): Promise<{ samples: Sample[]; images: TestImage[] }> {
  const made = [await recovering(), await hostile(), ...(await plain(isBetter))]
  return { samples: made.map(({ sample }) => sample), images: made.flatMap(({ images }) => images) }
}

interface Made {
  sample: Sample
  images: TestImage[]
}

/** A failed call, then a rotation and a crop, and the right answer. */
async function recovering(): Promise<Made> {
  const upright = await testImage({ width: 320, height: 480, seed: 3 })
  const given = await turned(upright, 270)
  const result = await cropped(upright, [60, 100, 220, 180])
  const question = 'What stands in the second line?'
  const made = testTrajectory({
    image: given,
    view: await reduced(given, 240),
    question,
    answer: '42',
    turns: [
      {
        thought: 'The picture lies on its side.',
        code: '# turn it\nresult = imge.rotate(270, expand=True)',
        description: 'Turn the image',
        ...{ kind: 'runtime', type: 'NameError', message: "name 'imge' is not defined", line: 2 },
        traceback: 'File "<code>", line 2, in <module>\nNameError: name \'imge\' is not defined',
      },
      {
        thought: 'A slip; once more.',
        code: 'result = image.rotate(270, expand=True)\nprint(result.size)',
        description: 'Turn the image',
        stdout: '(320, 480)\n',
        image: upright,
        operations: [operation('rotate_270', [0, 1, 0, -1, 0, 320], [0, 0, 480, 320])],
      },
      {
        thought: 'Now the second line.',
        code: 'result = ImageOps.autocontrast(image.crop((60, 100, 220, 180)))',
        description: 'Crop the second line',
        imageIndex: 1,
        image: result,
        operations: [
          operation('crop', [1, 0, 60, 0, 1, 100], [100, 100, 180, 260]),
          operation('autocontrast', [1, 0, 0, 0, 1, 0], [100, 100, 180, 260]),
          use('tools.ocr', { outcome: 'ok', message: null, durationMs: 1530.4 }),
          use('tools.detect', { outcome: 'failed', message: 'tools.detect: no luck', durationMs: 12 }),
        ],
      },
    ],
  })
  const sample = scoredSample({
    ...{ taskKey: 'recovering', taskId: '1', transform: 'rotate_90', made, answer: '42', accepted: '42' },
    ...{ question, category: 'lines', box: [110, 120, 150, 240] },
    requiredTools: ['rotate_270', 'crop'],
    reward: { total: 1.35, parts: { r_acc: 1, r_fmt: 1, mustUse: 0.75, penalty: -0.4 }, reasons: ['Right.'] },
    timings: { totalMs: 4200, modelMs: 4000, sandboxMs: 150, judgeMs: 50 },
  })
  return { sample, images: made.images }
}

/** Hostile text wherever a model, a data set or a judge can put one. */
async function hostile(): Promise<Made> {
  const image = await testImage({ width: 200, height: 140, seed: 5 })
  const long = 'x'.repeat(1_000_000)
  const made = testTrajectory({
    image,
    question: HOSTILE,
    answer: HOSTILE,
    turns: [
      {
        thought: `${HOSTILE}\n${long}`,
        code: `${HOSTILE}\nprint('${'y'.repeat(5000)}')`,
        description: HOSTILE,
        stdout: HOSTILE,
        ...{ kind: 'runtime', type: HOSTILE, message: HOSTILE, traceback: HOSTILE, line: 3 },
      },
    ],
  })
  const sample = scoredSample({
    ...{ taskKey: 'hostile', taskId: `2 ${HOSTILE}`, transform: 'none', made },
    ...{ answer: HOSTILE, accepted: '<b>bold</b>', question: HOSTILE },
    ...{ category: '__proto__', options: [HOSTILE, 'B'], taskType: '<i>' },
    metadata: JSON.parse('{"__proto__": {"polluted": true}, "note": "<script>"}') as Record<string, unknown>,
    reward: {
      total: 0,
      parts: JSON.parse('{"__proto__": 0.5, "<b>": 1}') as Record<string, number>,
      reasons: [HOSTILE],
    },
    scores: {
      strict: {
        ...{ profile: 'strict', answer: HOSTILE, correct: false, rule: '<rule>' },
        judge: { model: '<judge>', prompt: HOSTILE, response: HOSTILE },
      },
    },
  })
  return { sample, images: made.images }
}

/** Samples without tools over all transformations; `isBetter` answers two more of them rightly. */
async function plain(isBetter: boolean): Promise<Made[]> {
  return Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const image = await testImage({ width: 160, height: 120, seed: index + 10 })
      const question = `How many stripes has picture ${index}?`
      const isRight = index % 3 === 0 || (isBetter && index < 3)
      const answer = index === 29 ? null : isRight ? '12' : '11'
      const turns = index === 29 ? [{ thought: 'More.', code: 'result = image', image, operations: [] }] : []
      const made = testTrajectory({ image, question, answer, turns })
      const transform = TRANSFORMS[index % TRANSFORMS.length] ?? 'none'
      const sample = scoredSample({
        ...{ taskKey: `plain-${index}`, taskId: String(index + 3), transform, made, answer },
        ...{ accepted: '12', question, category: 'stripes' },
      })
      return { sample, images: made.images }
    }),
  )
}
