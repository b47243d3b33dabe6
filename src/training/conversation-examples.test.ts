import { afterAll, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Conversation } from '../data/conversations/conversation.js'
import { conversationExamples } from './conversation-examples.js'
import { holdOut } from './hold-out.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-examples-'))
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

test('an image within the bound is shown as it is, a larger one made smaller with its aspect', async () => {
  const conversations = [
    await conversationOf({ width: 40, height: 20, name: 'small.png' }),
    await conversationOf({ width: 400, height: 200, name: 'large.jpg' }),
  ]
  const examples = conversationExamples({ conversations, tools: [TOOL], maxPixels: 20_000 })
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

test('another text, or another bound, is another set to learn from', async () => {
  const conversation = await conversationOf({ width: 40, height: 20, name: 'same.png' })
  const hash = (conversations: readonly Conversation[], maxPixels = 1000): string =>
    conversationExamples({ conversations, tools: [], maxPixels }).sha256
  const other = { ...conversation, messages: conversation.messages.slice(1) }
  expect(hash([conversation])).toBe(hash([conversation]))
  expect(new Set([hash([conversation]), hash([other]), hash([conversation], 999)]).size).toBe(3)
})

test('an example is named by its place in the file, where it was read from one', async () => {
  const conversation = await conversationOf({ width: 4, height: 4, name: 'named.png' })
  const read = { ...conversation, id: '6', where: 'talks.json row 7' }
  const examples = conversationExamples({ conversations: [conversation, read], tools: [], maxPixels: 1000 })
  const names = await Promise.all([0, 1].map(async (place) => (await examples.read(place)).id))
  expect(names).toEqual(['named.png', 'talks.json row 7 (6)'])
})

test('an image that is not there is told by its path', async () => {
  const conversation = await conversationOf({ width: 4, height: 4, name: 'gone.png' })
  await rm(join(folder, 'gone.png'))
  const examples = conversationExamples({ conversations: [conversation], tools: [], maxPixels: 1000 })
  await expect(examples.read(0)).rejects.toThrow(`expected an image file at ${join(folder, 'gone.png')}`)
})

test('what is held out is drawn by the seed, and learned from by nobody', () => {
  const items = Array.from({ length: 10 }, (_, index) => index)
  const { kept, held } = holdOut({ items, count: 3, seed: 1 })
  expect([...kept, ...held].sort((a, b) => a - b)).toEqual(items)
  expect(held).toHaveLength(3)
  expect(holdOut({ items, count: 3, seed: 1 }).held).toEqual(held)
  expect(() => holdOut({ items, count: 10, seed: 1 })).toThrow('expected fewer than the 10 conversations')
})
