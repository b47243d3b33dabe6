import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Message } from '../../core/message.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { readModelFiles } from '../../models/model-files.js'
import { writeTinyCheckpoint } from '../../models/testing/tiny-checkpoint.js'
import { question, said, shown } from '../tfjs/testing/training-rollouts.js'
import { openConversationCheck, type CheckConversation } from './check-conversation.js'
import { createConversationEncoder } from './encode-conversation.js'

let folder: string
let check: CheckConversation
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-conversation-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: folder })
  check = await openConversationCheck({ directory: folder, policy: 'tfjs' })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const checked = (messages: Message[]) => () => check({ messages, tools: [] })

test('conversations that could not be learned from are told without their weights and images', () => {
  expect(checked([...question('Which?'), said('this'), shown(), said('that')])).not.toThrow()
  expect(checked(question('Which?'))).toThrow(/a turn of the assistant, got system, user/)
  const native = { ...said(''), toolCalls: [{ id: '1', name: 'code_image_tool', arguments: '{}' }] }
  expect(checked([...question('Which?'), native])).toThrow(/got a call of code_image_tool/)
  const [first] = shown().content
  if (first?.type !== 'image') throw new Error('expected an image first')
  const image = { ...first.image, width: 9000, height: 3 }
  const wide: Message = { role: 'user', content: [{ ...first, image }] }
  expect(checked([wide, said('this')])).toThrow('at most 200 times as long as it is wide')
})

test('a conversation is as long as the model reads, to the token', async () => {
  const model = await readModelFiles(folder)
  const [stopIds, contextTokens] = [new Set([model.tokenizer.idOf('<|im_end|>') ?? -1]), 4096]
  const encode = createConversationEncoder({ model, stopIds, contextTokens })
  const asked = [...question('Which?'), said('x')]
  const { ledger } = encode({ messages: asked, tools: [] })
  const room = contextTokens - ledger.segments.reduce((sum, { ids }) => sum + ids.length, 0)
  const ofLength = (letters: number): Message[] => [...question('Which?'), said('x'.repeat(1 + letters))]
  expect(checked(ofLength(room))).not.toThrow()
  expect(checked(ofLength(room + 1))).toThrow(/at most 4096 tokens.*got one of 4097/)
})
