import { createHash } from 'node:crypto'
import sharp, { type Sharp } from 'sharp'
import type { ErrorKind, ExecutionRecord, Operation } from '../../core/execution.js'
import type { Sample } from '../../core/sample.js'
import type { Trajectory, TrajectoryImage } from '../../core/trajectory.js'
import type { Transform } from '../../core/transform.js'
import { openRun } from '../../store/open-run.js'
import { testSample } from '../../store/testing/sample.js'

/** An image as a run keeps it. */
export interface TestImage {
  sha256: string
  width: number
  height: number
  png: Buffer
}

/** A picture of this size with some text-like stripes; other seeds, other pictures. */
export async function testImage({
  width,
  height,
  seed,
}: {
  width: number
  height: number
  seed: number
}): Promise<TestImage> {
  const stripes = Array.from({ length: 12 }, (_, line) => {
    const length = 20 + ((seed * 37 + line * 53) % 60)
    return `<rect x="8%" y="${8 + line * 7}%" width="${length}%" height="3%" fill="hsl(${(seed * 47) % 360} 30% 30%)"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#f3eee2"/>${stripes.join('')}</svg>`
  return encoded(sharp(Buffer.from(svg)))
}

export async function turned(image: TestImage, angle: 90 | 180 | 270): Promise<TestImage> {
  return encoded(sharp(image.png).rotate(angle))
}

export async function cropped(
  image: TestImage,
  [left, top, right, bottom]: readonly [number, number, number, number],
): Promise<TestImage> {
  return encoded(sharp(image.png).extract({ left, top, width: right - left, height: bottom - top }))
}

export async function reduced(image: TestImage, width: number): Promise<TestImage> {
  return encoded(sharp(image.png).resize({ width }))
}

async function encoded(picture: Sharp): Promise<TestImage> {
  const { data, info } = await picture.png().toBuffer({ resolveWithObject: true })
  const sha256 = createHash('sha256').update(data).digest('hex')
  return { sha256, width: info.width, height: info.height, png: data }
}

/** One turn of a {@link testTrajectory}: a call with what came of it. */
export type TestTurn = {
  thought: string
  code: string
  description?: string
  imageIndex?: number
  stdout?: string
} & (
  | { image: TestImage; operations?: Operation[] }
  | { kind: ErrorKind; type: string; message: string; traceback?: string; line?: number }
)

/** A trajectory as a rollout records it, with its images. */
export function testTrajectory({
  image,
  view = image,
  question,
  turns,
  answer,
}: {
  image: TestImage
  /** The copy of it that the model saw. */
  view?: TestImage
  question: string
  turns: readonly TestTurn[]
  /** Null: the last turn asks for a tool once more. */
  answer: string | null
}): { trajectory: Trajectory; images: TestImage[] } {
  const list: TestImage[] = [image]
  const entries: TrajectoryImage[] = [{ ...entryOf(image, null), view: recordOf(view) }]
  const messages: Trajectory['messages'] = [
    { role: 'system', content: [{ type: 'text', text: 'Look closer by writing Python.' }] },
    {
      role: 'user',
      content: [
        { type: 'image', index: 0, image: recordOf(image) },
        { type: 'text', text: question },
      ],
    },
  ]
  const calls = turns.map((turn, index): Trajectory['calls'][number] => {
    const { thought, code, description, imageIndex = 0, stdout = '' } = turn
    const call = { code, imageIndex, ...(description !== undefined && { description }) }
    const written = JSON.stringify({
      name: 'code_image_tool',
      arguments: { ...call, image_index: imageIndex },
    })
    messages.push({
      role: 'assistant',
      content: [{ type: 'text', text: `<think>${thought}</think>\n<tool_call>\n${written}\n</tool_call>` }],
    })
    const base = { stdout, operations: 'image' in turn ? (turn.operations ?? []) : [], durationMs: 12.5 }
    let execution: ExecutionRecord
    if ('image' in turn) {
      list.push(turn.image)
      entries.push(entryOf(turn.image, index))
      execution = {
        ...{ status: 'ok', unchanged: false, imageIndex: list.length - 1, ...base },
        image: { ...recordOf(turn.image), mode: 'RGB', sourceMode: 'RGB' },
      }
    } else {
      const { kind, type, message, traceback = '', line = null } = turn
      execution = { status: 'error', kind, type, message, traceback, line, ...base }
    }
    messages.push({ role: 'tool', content: [{ type: 'text', text: `told: ${execution.status}` }] })
    return { turn: index, call, execution }
  })
  if (answer !== null) {
    const last = `<think>That settles it.</think>\n<answer>${answer}</answer>`
    messages.push({ role: 'assistant', content: [{ type: 'text', text: last }] })
  }
  return {
    images: [...list, view],
    trajectory: {
      ...{ messages, images: entries, calls, malformedCalls: 0 },
      turns: turns.length + (answer === null ? 0 : 1),
      stop: answer === null ? 'turn-limit' : 'answer',
      usage: { promptTokens: 900, completionTokens: 120 },
    },
  }
}

/** A finished sample over a {@link testTrajectory}. */
export function scoredSample({
  taskKey,
  transform,
  made: { trajectory },
  answer,
  accepted,
  ...changes
}: Partial<Sample> & {
  taskKey: string
  transform: Transform
  made: { trajectory: Trajectory }
  answer: string | null
  accepted: string
}): Sample {
  const correct = answer === accepted
  return testSample({
    ...{ taskKey, transform, trajectory, answers: [accepted] },
    outcome: answer === null ? 'turn-limit' : correct ? 'correct' : 'wrong',
    scores: {
      strict: {
        ...{ profile: 'strict', answer, correct, judge: null },
        rule: answer === null ? 'no-answer' : 'equal',
      },
    },
    ...changes,
  })
}

/** Write a run folder of these samples. */
export async function writeTestRun({
  path,
  samples,
  images,
  suite = 'small',
  model = 'tiny',
  head: more = {},
}: {
  path: string
  samples: readonly Sample[]
  images: readonly TestImage[]
  suite?: string
  model?: string
  /** Further words of the summary's head, such as `epochs`. */
  head?: Record<string, string | number>
}): Promise<void> {
  const head = {
    ...{ suite, policy: { name: 'fake', model }, scoring: 'strict', judge: 'none' },
    ...{ epochs: 1, planned: samples.length },
    ...more,
  }
  const agent = { prompt: 'ab'.repeat(32), tools: ['code_image_tool'], limits: { turns: 12 } }
  const run = await openRun({
    ...{ path, mode: 'create' },
    manifest: { identity: { head, agent }, config: {}, environment: { codevision: '0.1.0' } },
  })
  try {
    for (const { sha256, png } of images) await run.images.put({ sha256, png: async () => png })
    for (const sample of samples) await run.append(sample)
  } finally {
    await run.close()
  }
}

function recordOf({ sha256, width, height }: TestImage) {
  return { sha256, width, height }
}

function entryOf(image: TestImage, call: number | null): TrajectoryImage {
  return { ...recordOf(image), call, view: recordOf(image) }
}
