import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { DataError } from '../core/errors.js'
import type { Conversation } from '../data/conversations/conversation.js'
import { conversationExamples, type ConversationExamples } from './conversation-examples.js'
import { holdOut } from './hold-out.js'
import { usableConversations, type UsableConversation } from './usable-conversations.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-examples-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const TOOL = { name: 'code_image_tool', description: '', parameters: {} }

async function conversationOf({
  width,
  height,
  name,
}: {
  width: number
  height: number
  name: string
}): Promise<Conversation> {
  const path = join(folder, name)
  await sharp({ create: { width, height, channels: 3, background: 'teal' } }).toFile(path)
  return {
    id: name,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', index: 0 },
          { type: 'text', text: 'What colour?' },
        ],
      },
      { role: 'assistant', content: [{ type: 'text', text: '<answer>teal</answer>' }] },
    ],
    images: [path],
    tools: null,
    task: null,
    curation: null,
  }
}

interface Looked {
  usable: UsableConversation[]
  problems: string[]
}

async function look(
  conversations: readonly Conversation[],
  check: Parameters<typeof usableConversations>[0]['check'] = () => undefined,
): Promise<Looked> {
  const problems: string[] = []
  const given = (async function* () {
    yield* conversations
  })()
  const usable: UsableConversation[] = []
  for await (const found of usableConversations({
    conversations: given,
    tools: [TOOL],
    maxPixels: 20_000,
    check,
    onProblem: ({ message }) => problems.push(message),
  }))
    usable.push(found)
  return { usable, problems }
}

async function examplesOf(
  conversations: readonly Conversation[],
  { tools = [] as readonly (typeof TOOL)[], maxPixels = 1000 } = {},
): Promise<ConversationExamples> {
  return conversationExamples({ conversations: (await look(conversations)).usable, tools, maxPixels })
}

test('an image within the bound is shown as it is, a larger one made smaller with its aspect', async () => {
  const conversations = [
    await conversationOf({ width: 40, height: 20, name: 'small.png' }),
    await conversationOf({ width: 400, height: 200, name: 'large.jpg' }),
  ]
  const examples = await examplesOf(conversations, { tools: [TOOL], maxPixels: 20_000 })
  const shown = await Promise.all(
    [0, 1].map(async (place) => {
      const { messages, tools } = await examples.read(place)
      const part = messages[0]?.content[0]
      if (part?.type !== 'image') throw new Error('expected an image first')
      const { width, height } = await sharp(await part.image.read()).metadata()
      return { width, height, told: [part.image.width, part.image.height], tools: tools.length }
    }),
  )
  expect(shown).toEqual([
    { width: 40, height: 20, told: [40, 20], tools: 1 },
    { width: 200, height: 100, told: [200, 100], tools: 1 },
  ])
})

test('another text, another bound, or another image under the same name, is another set to learn from', async () => {
  const conversation = await conversationOf({ width: 40, height: 20, name: 'same.png' })
  const hash = async (conversations: readonly Conversation[], maxPixels = 1000): Promise<string> =>
    (await examplesOf(conversations, { maxPixels })).sha256
  const other = { ...conversation, messages: conversation.messages.slice(1), images: [] }
  const before = await hash([conversation])
  expect(await hash([conversation])).toBe(before)
  expect(new Set([before, await hash([other]), await hash([conversation], 999)]).size).toBe(3)
  await conversationOf({ width: 41, height: 20, name: 'same.png' })
  expect(await hash([conversation])).not.toBe(before)
  await conversationOf({ width: 40, height: 20, name: 'same.png' })
  const moved = await conversationOf({ width: 40, height: 20, name: 'moved.png' })
  expect(await hash([moved])).toBe(before)
})

test('the identity that runs recorded when images were told by their names is known still', async () => {
  const conversation = await conversationOf({ width: 4, height: 4, name: 'old.png' })
  expect((await examplesOf([conversation])).earlierSha256).toBe(
    'da30ff31371fa0eaf87c361c3e77cc8feff2bab7151b8cc56485d43559d00300',
  )
})

test('an example is named by its place in the file, where it was read from one', async () => {
  const conversation = await conversationOf({ width: 4, height: 4, name: 'named.png' })
  const read = { ...conversation, id: '6', where: 'talks.json row 7' }
  const examples = await examplesOf([conversation, read])
  expect([0, 1].map((place) => examples.nameOf(place))).toEqual(['named.png', 'talks.json row 7 (6)'])
})

test('an image that is gone when its turn comes is told by its path', async () => {
  const conversation = await conversationOf({ width: 4, height: 4, name: 'gone.png' })
  const examples = await examplesOf([conversation])
  await rm(join(folder, 'gone.png'))
  await expect(examples.read(0)).rejects.toThrow(`expected an image file at ${join(folder, 'gone.png')}`)
})

test('conversations that cannot be used are told by their names and left out, the others stay in order', async () => {
  const kept = await Promise.all(
    ['first.png', 'last.png'].map((name) => conversationOf({ width: 300, height: 100, name })),
  )
  const lost = await conversationOf({ width: 4, height: 4, name: 'lost.png' })
  await rm(join(folder, 'lost.png'))
  const broken = await conversationOf({ width: 4, height: 4, name: 'broken.png' })
  await writeFile(join(folder, 'broken.png'), 'no image')
  const long = {
    ...(await conversationOf({ width: 4, height: 4, name: 'long.png' })),
    where: 'talks.json row 4',
  }
  const sizes: number[][] = []
  const { usable, problems } = await look(
    [...kept.slice(0, 1), lost, broken, long, ...kept.slice(1)],
    (example) => {
      const images = example.messages.flatMap(({ content }) =>
        content.flatMap((part) => (part.type === 'image' ? [[part.image.width, part.image.height]] : [])),
      )
      sizes.push(...images)
      if (images[0]?.[0] === 4) throw new DataError('expected at most 9 tokens')
    },
  )
  expect(usable.map(({ conversation: { id } }) => id)).toEqual(['first.png', 'last.png'])
  expect(problems).toEqual([
    expect.stringMatching(/^lost\.png: expected an image file at .*lost\.png; Error: ENOENT/),
    expect.stringMatching(/^broken\.png: .*expected an image that can be decoded/),
    'talks.json row 4 (long.png): expected at most 9 tokens',
  ])
  // As they are shown, which decides how many tokens they are.
  expect(sizes).toContainEqual([244, 81])
})

test('what is held out is drawn by the seed, and learned from by nobody', () => {
  const items = Array.from({ length: 10 }, (_, index) => index)
  const { kept, held } = holdOut({ items, count: 3, seed: 1 })
  expect([...kept, ...held].sort((a, b) => a - b)).toEqual(items)
  expect(held).toHaveLength(3)
  expect(holdOut({ items, count: 3, seed: 1 }).held).toEqual(held)
  expect(() => holdOut({ items, count: 10, seed: 1 })).toThrow('expected fewer than the 10 conversations')
})
