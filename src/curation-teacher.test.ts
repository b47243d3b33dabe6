import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { rollout } from './agent/rollout.js'
import { SYSTEM_PROMPT } from './agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from './agent/tool-description.js'
import { testRuntime } from './config/test-runtime.js'
import { CURATION_TYPES, PROVOCATIONS } from './core/curation.js'
import type { Sandbox, SandboxProfile } from './core/sandbox.js'
import type { Task } from './core/task.js'
import type { Trajectory } from './core/trajectory.js'
import { TRANSFORMS, type Box, type Transform } from './core/transform.js'
import type { CurationPlan, PlannedStep } from './curation/plan/curation-plan.js'
import { movesOf } from './curation/teacher/moves.js'
import { isProvoked } from './curation/teacher/provoke/provocation-outcome.js'
import { createScriptedTeacher } from './curation/teacher/scripted-teacher.js'
import { drawPlan } from './curation/teacher/testing/draw-plan.js'
import { transformImage } from './data/transforms/transform-image.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** The scripted teacher in the real sandbox; CODEVISION_TEST_RUNTIME names the one under test. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice

/** Multiples of 28, which profile `release` leaves as they are. */
const SIZE = { width: 308, height: 224 }
const RAW = { ...SIZE, channels: 3 } as const
const TIMEOUT_MS = 1_200
/** Plans of each transformation. */
const PLANS_EACH = 4
/** Of a test, on a machine that is busy with other work. */
const PATIENCE_MS = 240_000

const sandboxes = new Map<SandboxProfile, Sandbox>()
let canonical: Buffer

beforeAll(async () => {
  // Detail in every part, none of it alike.
  const noise = Buffer.from(
    Array.from(
      { length: SIZE.width * SIZE.height * 3 },
      (_, at) => (Math.imul(at + 1, 2654435761) >>> 16) & 255,
    ),
  )
  const smooth = await sharp(noise, { raw: RAW }).blur(3).normalise().raw().toBuffer()
  canonical = await sharp(smooth, { raw: RAW }).png().toBuffer()
  for (const profile of ['standard', 'release'] as const)
    sandboxes.set(profile, await createSandbox({ runtime, profile }))
})

afterAll(async () => {
  await Promise.all([...sandboxes.values()].map((sandbox) => sandbox.close()))
})

interface Run {
  trajectory: Trajectory
  /** Raw RGB pixels of image `index` of the trajectory. */
  pixels(index: number): Promise<Buffer>
}

async function play({
  plan,
  profile,
  epoch = 0,
}: {
  plan: CurationPlan
  profile: SandboxProfile
  epoch?: number
}): Promise<Run> {
  const sandbox = sandboxes.get(profile)
  if (sandbox === undefined) throw new Error(`no sandbox of profile ${profile}`)
  const isRelease = profile === 'release'
  const { trajectory, images } = await rollout({
    task: taskOf(plan),
    policy: createScriptedTeacher({ planOf: (key) => (key === plan.taskKey ? plan : undefined) }),
    sandbox,
    prompt: SYSTEM_PROMPT,
    tools: [CODE_IMAGE_TOOL],
    view: { minPixels: 784, maxPixels: 28 * 784 },
    parsing: isRelease ? 'hermes' : 'robust',
    feedback: isRelease ? 'release' : 'standard',
    epoch,
    ...(plan.provocation?.kind === 'timeout' && { limits: { timeoutMs: TIMEOUT_MS } }),
  })
  return {
    trajectory,
    async pixels(index) {
      const file = images.get(trajectory.images[index]?.sha256 ?? '')
      if (file === undefined) throw new Error(`no image ${index}`)
      return sharp(await file())
        .removeAlpha()
        .raw()
        .toBuffer()
    },
  }
}

function taskOf({ taskKey, question, answer, images }: CurationPlan): Task {
  return {
    key: taskKey,
    id: taskKey,
    suite: 'plans',
    question,
    images: images.map(({ transform }, at) => ({
      sha256: `${taskKey} ${at}`,
      read: () => transformImage({ bytes: canonical, transform }),
    })),
    answers: [answer],
    transform: images[0]?.transform ?? 'none',
    requiredTools: null,
    box: null,
    metadata: {},
  }
}

async function windowOf([left, top, right, bottom]: Box): Promise<Buffer> {
  return sharp(canonical)
    .extract({ left, top, width: right - left, height: bottom - top })
    .raw()
    .toBuffer()
}

/** Every call does what its move says; returns how many results were compared pixel by pixel. */
async function expectPlayed({
  plan,
  run,
  profile,
}: {
  plan: CurationPlan
  run: Run
  profile: SandboxProfile
}): Promise<number> {
  const { trajectory } = run
  const moves = movesOf(plan)
  const story = () =>
    JSON.stringify(
      trajectory.calls.map(({ call, execution }) => [call, execution]),
      null,
      1,
    )
  if (trajectory.calls.length !== moves.length) throw new Error(`${moves.length} moves, but ${story()}`)
  let compared = 0
  for (const [at, move] of moves.entries()) {
    const { execution, call } = trajectory.calls[at] ?? {}
    if (execution === undefined || call === undefined) throw new Error('a call is missing')
    if (move.type === 'provoke') {
      const provocation = plan.provocation?.kind ?? 'timeout'
      if (!isProvoked({ provocation, execution })) throw new Error(`expected ${provocation}, got ${story()}`)
      continue
    }
    if (execution.status !== 'ok') throw new Error(`expected a result, got ${story()}`)
    const step = plan.steps[move.step]
    if (step === undefined) throw new Error('a step is missing')
    if (profile === 'release' && !isKeptByRelease(step)) continue
    expect([execution.image.width, execution.image.height]).toEqual([
      step.resultSize.width,
      step.resultSize.height,
    ])
    const photometric = photometricOf({ plan, step })
    if (photometric.length === 0) {
      if (!(await run.pixels(execution.imageIndex)).equals(await windowOf(step.window)))
        throw new Error(`wrong pixels: ${story()}`)
      compared++
    }
  }
  expect(trajectory.stop).toBe('answer')
  expect(trajectory.malformedCalls).toBe(0)
  return compared
}

/** Photometric work on the way to a step's result. */
function photometricOf({ plan, step }: { plan: CurationPlan; step: PlannedStep }): string[] {
  const before = step.from === 'given' ? undefined : plan.steps[step.from]
  const own = step.operations.map(({ op }) => op).filter((op) => !/^(rotate|flip|crop)/.test(op))
  return [...(before === undefined ? [] : photometricOf({ plan, step: before })), ...own]
}

function isKeptByRelease({ inputSize: { width, height } }: PlannedStep): boolean {
  return width % 28 === 0 && height % 28 === 0
}

describe.each(['standard', 'release'] as const)('profile %s', (profile) => {
  test.each(CURATION_TYPES.filter((type) => type !== 'error-handling'))(
    '%s: every call runs and shows exactly the window that is planned, whatever was applied',
    async (type) => {
      const count = type === 'no-tool' ? 1 : PLANS_EACH
      const compared = await ofEachTransform(async (transform) => {
        let sum = 0
        for (let at = 0; at < count; at++) {
          const { plan } = drawPlan({ seed: `${type} ${transform} ${at}`, type, transform, size: SIZE })
          const run = await play({ plan, profile, epoch: at })
          sum += await expectPlayed({ plan, run, profile })
        }
        return sum
      })
      expect(sumOf(compared)).toBeGreaterThanOrEqual(type === 'no-tool' ? 0 : 4 * count)
    },
    PATIENCE_MS,
  )

  test.each(PROVOCATIONS)(
    'error-handling: %s goes wrong in its own way, and the step is then done right',
    async (provocation) => {
      const codes = await ofEachTransform(async (transform) => {
        const seen: string[] = []
        for (let at = 0; at < (provocation === 'timeout' ? 2 : PLANS_EACH); at++) {
          const seed = `${provocation} ${transform} ${at}`
          const { plan } = drawPlan({ seed, type: 'error-handling', provocation, transform, size: SIZE })
          const run = await play({ plan, profile })
          await expectPlayed({ plan, run, profile })
          expectQuoted(run.trajectory)
          seen.push(run.trajectory.calls.map(({ call }) => call.code).join('\n'))
        }
        return seen
      })
      expect(new Set(codes.flat()).size).toBeGreaterThanOrEqual(10)
    },
    PATIENCE_MS,
  )
})

/** Transformations at the same time: what waits for a deadline keeps nobody else waiting. */
function ofEachTransform<T>(action: (transform: Transform) => Promise<T>): Promise<T[]> {
  return Promise.all(TRANSFORMS.map(action))
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** What follows an error quotes it as the tool told it. */
function expectQuoted({ messages, calls }: Trajectory): void {
  const assistant = messages.filter(({ role }) => role === 'assistant')
  for (const { turn, execution } of calls) {
    if (execution.status === 'ok') continue
    const [first = ''] = execution.message.replaceAll('"', "'").split('\n')
    const next = JSON.stringify(assistant[turn + 1])
    expect(next).toContain(JSON.stringify(first.slice(0, 60)).slice(1, -1))
  }
}
