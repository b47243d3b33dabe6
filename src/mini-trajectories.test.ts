import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { rollout } from './agent/rollout.js'
import { createFakePolicy } from './agent/testing/fake-policy.js'
import { CODE_IMAGE_TOOL } from './agent/tool-description.js'
import { textOf, type Message } from './core/message.js'
import type { Sandbox } from './core/sandbox.js'
import { TRANSFORMS } from './core/transform.js'
import { parseBoardConfig } from './data/card-board/board-config.js'
import { boardGlyphs, type BoardGlyphs } from './data/card-board/board-glyphs.js'
import { boardTask } from './data/card-board/board-task.js'
import { boardPng } from './data/card-board/write-boards.js'
import { createRandom } from './data/demo/random.js'
import { FAMILIES, type Family } from './data/mini-world/vocabulary.js'
import type { PixelImage } from './data/transforms/transform-pixels.js'
import type { MiniSample } from './experiments/mini/mini-sample.js'
import { MISTAKES, type Mistake } from './experiments/mini/mistakes.js'
import { TOOLS_PROMPT } from './experiments/mini/phrases.js'
import { trajectorySample } from './experiments/mini/trajectory-sample.js'
import { createSandbox } from './wiring.js'

/** Trajectories that are computed without the sandbox, played in it. */
const VIEW = { minPixels: 128 ** 2, maxPixels: 128 ** 2 }

let sandbox: Sandbox
let glyphs: BoardGlyphs

beforeAll(async () => {
  sandbox = await createSandbox()
  glyphs = await boardGlyphs(parseBoardConfig({}))
})
afterAll(() => sandbox.close())

const CASES = TRANSFORMS.flatMap((transform) => [
  ...FAMILIES.flatMap((family) =>
    [null, ...MISTAKES].map((mistake) => ({
      transform,
      family,
      mistake: mistake ?? ('no' as const),
      crop: 'the needed' as string,
    })),
  ),
  { transform, family: 'find' as const, mistake: 'no' as const, crop: 'no' },
  ...FAMILIES.map((family) => ({ transform, family, mistake: 'no' as const, crop: 'one more' })),
])

test.each(CASES)(
  'a trajectory of $family over a board after $transform, with $mistake mistake and $crop crop, is what a rollout in the sandbox comes to, to the pixel',
  async ({ transform, family, mistake, crop }) => {
    const sample = await draw({
      transform,
      family,
      mistake: mistake === 'no' ? null : mistake,
      zooms: (family === 'find' && crop !== 'no' ? 1 : 0) + (crop === 'one more' ? 1 : 0),
    })
    const { messages, images } = await play(sample)
    expect(messages.map(({ role }) => role)).toEqual(sample.messages.map(({ role }) => role))
    expect(messages.map((message) => textOf(message))).toEqual(sample.messages.map(textOf))
    const seen = await Promise.all(viewsOf(messages).map(async (image) => pixelsOf(await image.read())))
    expect(seen.map(sizeOf)).toEqual(viewsOf(sample.messages).map(sizeOf))
    expect(differences(seen, viewsOf(sample.messages))).toEqual(seen.map(() => 0))
    // In full resolution too: the picture as given, and what each call that succeeded left.
    const left = sample.calls.flatMap(({ outcome }) => (outcome.status === 'ok' ? [outcome.image] : []))
    expect(differences(images, [await sample.board.given(), ...left])).toEqual(images.map(() => 0))
  },
)

test('mistakes stand where they were asked for', async () => {
  const spoilt = await draw({ transform: 'rotate_90', family: 'find', mistake: 'wrong-turn' })
  expect(spoilt.turns.map(({ kind }) => kind)).toEqual(['mistake', 'turn', 'zoom', 'answer'])
  expect(spoilt.turns.map(({ isLearned }) => isLearned)).toEqual([false, true, true, true])
  const failed = await draw({ transform: 'none', family: 'find', mistake: 'bad-argument' })
  expect(failed.calls.map(({ outcome }) => outcome.status)).toEqual(['error', 'ok'])
})

function draw({
  transform,
  family,
  mistake,
  zooms = family === 'find' ? 1 : 0,
}: {
  transform: (typeof TRANSFORMS)[number]
  family: Family
  mistake: Mistake | null
  zooms?: number
}): Promise<MiniSample> {
  const seed = `${transform}/${family}/${mistake ?? 'none'}/${zooms}`
  const config = parseBoardConfig({ seed, families: [family], transforms: [transform] })
  const board = boardTask({ config, glyphs, index: 3 })
  const random = createRandom({ seed })
  return trajectorySample({ board, mistake, zooms, learned: 'all but mistakes', random, view: VIEW })
}

/** The conversation of a rollout whose policy writes the sample's turns, and its images in full resolution. */
async function play(sample: MiniSample): Promise<{ messages: readonly Message[]; images: PixelImage[] }> {
  const { board } = sample
  const given = await boardPng(await board.given())
  const turns = sample.messages.filter(({ role }) => role === 'assistant').map(textOf)
  const policy = createFakePolicy(turns)
  const { trajectory, images } = await rollout({
    task: {
      key: 'board',
      id: 'board',
      suite: 'boards',
      question: board.question,
      images: [{ sha256: 'board', read: () => Promise.resolve(given) }],
      answers: [board.answer],
      transform: board.plan.transform,
      requiredTools: board.requiredTools,
      box: board.box,
      metadata: {},
    },
    policy,
    sandbox,
    prompt: TOOLS_PROMPT,
    tools: [CODE_IMAGE_TOOL],
    view: VIEW,
  })
  expect(trajectory.stop).toBe('answer')
  const last = policy.requests.at(-1)
  if (last === undefined) throw new Error('expected the policy to be asked')
  const answer: Message = { role: 'assistant', content: [{ type: 'text', text: turns.at(-1) ?? '' }] }
  const full = trajectory.images.map(async ({ sha256 }) => {
    const read = images.get(sha256)
    if (read === undefined) throw new Error(`expected the image ${sha256}`)
    return pixelsOf(await read())
  })
  return { messages: [...last.messages, answer], images: await Promise.all(full) }
}

function viewsOf<Image>(messages: readonly Message<Image>[]): Image[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
  )
}

async function pixelsOf(bytes: Buffer): Promise<PixelImage> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: 3 }
}

function sizeOf({ width, height }: PixelImage): { width: number; height: number } {
  return { width, height }
}

/** Bytes of each image that are not those of the other. */
function differences(ours: readonly PixelImage[], theirs: readonly PixelImage[]): number[] {
  expect(ours).toHaveLength(theirs.length)
  return ours.map(({ data }, at) => {
    const other = theirs[at]?.data ?? new Uint8Array()
    return (
      Math.abs(data.length - other.length) +
      data.reduce((sum, byte, i) => sum + (byte === other[i] ? 0 : 1), 0)
    )
  })
}
