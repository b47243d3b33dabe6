import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import type { Provocation } from './core/curation.js'
import type { Execution } from './core/execution.js'
import type { Sandbox, SandboxProfile, SandboxSession } from './core/sandbox.js'
import type { PhotometricTool, PlannedOperation, PlannedStep } from './curation/plan/curation-plan.js'
import type { OperationForm } from './curation/teacher/code/operation-form.js'
import { ORIENTATION_FORMS } from './curation/teacher/code/orientation-forms.js'
import { photometricForms } from './curation/teacher/code/photometric-forms.js'
import { writeCode } from './curation/teacher/code/write-code.js'
import { badArguments } from './curation/teacher/provoke/bad-argument.js'
import type { Mistake, Spot } from './curation/teacher/provoke/mistake.js'
import { missingNames } from './curation/teacher/provoke/missing-name.js'
import { isProvoked } from './curation/teacher/provoke/provocation-outcome.js'
import { slowCodes } from './curation/teacher/provoke/timeout.js'
import { createRandom } from './data/demo/random.js'
import { transformPixels } from './data/transforms/transform-pixels.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** Every way in which the scripted teacher writes an operation, and every mistake that it makes, in the real sandbox. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
const SIZE = { width: 420, height: 392 }
const RAW = { ...SIZE, channels: 3 } as const
const ORIENTATIONS = Object.keys(ORIENTATION_FORMS) as (keyof typeof ORIENTATION_FORMS)[]
const PHOTOMETRIC: readonly PhotometricTool[] = ['autocontrast', 'contrast_up', 'sharpen', 'median_blur']
/** Of a test, on a machine that is busy with other work. */
const PATIENCE_MS = 240_000
const CROP: PlannedOperation = { op: 'crop', box: [40, 60, 130, 110] }
const OPERATIONS: readonly PlannedOperation[] = [
  CROP,
  ...ORIENTATIONS.map((op) => ({ op })),
  ...PHOTOMETRIC.map((op) => ({ op })),
]

const sandboxes = new Map<SandboxProfile, Sandbox>()
const sessions = new Map<SandboxProfile, SandboxSession>()
let pixels: Buffer
let image: Buffer

beforeAll(async () => {
  const noise = Buffer.from(
    Array.from(
      { length: SIZE.width * SIZE.height * 3 },
      (_, at) => (Math.imul(at + 1, 2654435761) >>> 16) & 255,
    ),
  )
  pixels = await sharp(noise, { raw: RAW }).blur(1.2).linear(0.5, 60).raw().toBuffer()
  image = await sharp(pixels, { raw: RAW }).png().toBuffer()
  for (const profile of ['standard', 'release'] as const) {
    const sandbox = await createSandbox({ runtime, profile })
    sandboxes.set(profile, sandbox)
    sessions.set(profile, await sandbox.open([image]))
  }
})

afterAll(async () => {
  await Promise.all([...sessions.values()].map((session) => session.close()))
  await Promise.all([...sandboxes.values()].map((sandbox) => sandbox.close()))
})

describe.each(['standard', 'release'] as const)('profile %s', (profile) => {
  const run = async (code: string, timeoutMs = 20_000): Promise<Execution> => {
    const session = sessions.get(profile)
    if (session === undefined) throw new Error('no session')
    return session.execute({ code }, { timeoutMs })
  }
  const explain = (code: string, execution: Execution): string =>
    execution.status === 'ok'
      ? `ran:\n${code}`
      : `${execution.kind} ${execution.type ?? ''}: ${execution.message}\n${code}`

  test.each(ORIENTATIONS)('%s: every form moves exactly the right pixels', async (op) => {
    const expected = await transformPixels({ image: { data: pixels, ...RAW }, transform: op })
    for (const form of ORIENTATION_FORMS[op]) {
      const code = codeOf(form)
      const execution = await run(code)
      if (execution.status === 'error') throw new Error(explain(code, execution))
      if (!(await execution.image.pixels()).equals(Buffer.from(expected.data)))
        throw new Error(`other pixels: ${code}`)
    }
  })

  test.each(PHOTOMETRIC)('%s: every form is observed as that operation', async (op) => {
    for (const [at] of photometricForms({ op, random: createRandom({ seed: op }) }).entries()) {
      for (let draw = 0; draw < 4; draw++) {
        const form = photometricForms({ op, random: createRandom({ seed: `${op} ${draw}` }) })[at]
        if (form === undefined) throw new Error('a form is missing')
        const code = codeOf(form)
        const execution = await run(code)
        if (execution.status === 'error') throw new Error(explain(code, execution))
        const { width, height } = execution.image
        expect({ code, size: { width, height }, ops: execution.operations.map((one) => one.op) }).toEqual({
          code,
          size: SIZE,
          ops: [op],
        })
      }
    }
  })

  test.each([
    ['bad-argument', badArguments],
    ['missing-name', missingNames],
  ] as const)(
    '%s: every mistake fails in its own way',
    async (provocation, mistakesOf) => {
      const causes = new Set<string>()
      for (const operation of OPERATIONS) {
        const mistakes = mistakesIn({ operation, mistakesOf })
        expect(mistakes.length).toBeGreaterThanOrEqual(2)
        for (const { sabotage, cause } of mistakes) {
          const random = createRandom({ seed: cause })
          const { code } = writeCode({
            operations: [operation],
            inputSize: SIZE,
            sizeIsTold: true,
            random,
            sabotage,
          })
          const execution = await run(code)
          if (!isProvoked({ provocation, execution }))
            throw new Error(`expected ${provocation}, got ${explain(code, execution)}`)
          causes.add(cause)
        }
      }
      expect(causes.size).toBeGreaterThanOrEqual(20)
    },
    PATIENCE_MS,
  )

  test(
    'timeout: every slow code is still running after two seconds',
    async () => {
      const slow = [
        [CROP],
        [{ op: 'rotate_90' }],
        [{ op: 'flip_vertical' }],
        [{ op: 'autocontrast' }],
      ] as const
      const found = new Map(
        slow.flatMap((operations) => {
          const step: PlannedStep = {
            image: 0,
            from: 'given',
            operations,
            inputSize: SIZE,
            resultSize: SIZE,
            window: [0, 0, SIZE.width, SIZE.height],
          }
          return slowCodes({ step, random: createRandom({ seed: 'slow' }) }).map(
            ({ code, cause }) => [cause, code] as const,
          )
        }),
      )
      expect(found.size).toBeGreaterThanOrEqual(8)
      await Promise.all(
        [...found.values()].map(async (code) => {
          // Calls of one session wait for each other.
          const session = await sandboxes.get(profile)?.open([image])
          const execution = await session?.execute({ code }, { timeoutMs: 2_000 })
          await session?.close()
          if (execution === undefined || !isProvoked({ provocation: 'timeout', execution }))
            throw new Error(`expected a timeout, got ${execution && explain(code, execution)}`)
        }),
      )
    },
    PATIENCE_MS,
  )
})

function codeOf(form: OperationForm): string {
  const given = form.takes === 'pil' ? 'image' : 'np.array(image)'
  const made = form.write(given)
  return `result = ${form.gives === 'pil' ? made : `Image.fromarray(${made})`}`
}

/** All mistakes in one operation, with several draws of what they choose by chance. */
function mistakesIn({
  operation,
  mistakesOf,
}: {
  operation: PlannedOperation
  mistakesOf: (spot: Spot) => Mistake[]
}): Mistake[] {
  return ['a', 'b', 'c'].flatMap((seed) =>
    mistakesOf({ operation, index: 0, size: SIZE, random: createRandom({ seed }) }),
  )
}

test('each provocation has a way to be told from the others', () => {
  const failure = (kind: 'runtime' | 'timeout' | 'policy', type: string | null) => ({
    status: 'error' as const,
    kind,
    type,
  })
  const table: readonly (readonly [Provocation, ReturnType<typeof failure>])[] = [
    ['bad-argument', failure('runtime', 'TypeError')],
    ['missing-name', failure('runtime', 'NameError')],
    ['index-out-of-range', failure('runtime', 'IndexError')],
    ['timeout', failure('timeout', null)],
  ]
  for (const [provocation] of table)
    for (const [other, execution] of table)
      expect(isProvoked({ provocation, execution })).toBe(provocation === other)
  expect(isProvoked({ provocation: 'wrong-tool', execution: { status: 'ok' } })).toBe(true)
  expect(isProvoked({ provocation: 'bad-argument', execution: { status: 'ok' } })).toBe(false)
})
