import { expect, test } from '@jest/globals'
import type { ChatRequest } from './chat-request.js'
import { replyKey } from './reply-key.js'

const request: ChatRequest = {
  messages: [
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        { type: 'text', text: 'What?' },
      ],
    },
  ],
  tools: [{ name: 'look', description: 'd', parameters: { type: 'object' } }],
  sampling: { temperature: 0, maxTokens: 8 },
  extraBody: { top_k: 1, guided: { a: 1, b: 2 } },
}
const asked = { url: 'http://host/v1/chat/completions', model: 'm', request }

test('the same question has the same key, in whatever order its settings are named', () => {
  const reordered: ChatRequest = {
    extraBody: { guided: { b: 2, a: 1 }, top_k: 1 },
    sampling: { maxTokens: 8, temperature: 0 },
    tools: [{ parameters: { type: 'object' }, description: 'd', name: 'look' }],
    messages: request.messages,
  }
  expect(replyKey({ ...asked, request: reordered })).toBe(replyKey({ ...asked, repetition: 0 }))
})

const text = (content: string): ChatRequest['messages'] => [{ role: 'user', content }]

test.each([
  ['model', { model: 'M' }],
  ['server', { url: 'http://other/v1/chat/completions' }],
  ['epoch', { repetition: 1 }],
  ['image', { request: JSON.parse(JSON.stringify(request).replace('AAAA', 'AAAB')) as ChatRequest }],
  ['earlier message', { request: { ...request, messages: [...text('before'), ...request.messages] } }],
  ['temperature', { request: { ...request, sampling: { temperature: 1, maxTokens: 8 } } }],
  ['bound of tokens', { request: { ...request, sampling: { temperature: 0, maxTokens: 9 } } }],
  ['tools', { request: { ...request, tools: [] } }],
  ['further field', { request: { ...request, extraBody: {} } }],
])('another %s is another question', (_name, change) => {
  expect(replyKey({ ...asked, ...change })).not.toBe(replyKey(asked))
})

test('messages cannot be told apart wrongly by where one ends', () => {
  const keyOf = (messages: ChatRequest['messages']): string => replyKey({ ...asked, request: { messages } })
  expect(keyOf([...text('a'), ...text('b')])).not.toBe(keyOf(text('a\nb')))
})
