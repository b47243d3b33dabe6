import { afterAll, afterEach, expect, test } from '@jest/globals'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCachedChat } from './cached-chat.js'
import { createChatClient, type ChatClientParameters } from './chat-client.js'
import { createReplyCache } from './reply-cache.js'
import { completionBody } from './testing/completion-body.js'
import { createFakeClock } from './testing/fake-clock.js'
import { startScriptedServer, type ScriptedServer, type ScriptedStep } from './testing/scripted-server.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-cached-chat-'))
afterAll(() => rm(folder, { recursive: true }))
let server: ScriptedServer
afterEach(() => server.close())

let made = 0
/** A client of a scripted server with a cache of its own. */
async function chatOf(script: ScriptedStep[], parameters: Partial<ChatClientParameters> = {}) {
  const started = await startScriptedServer({ script })
  server = started
  const directory = join(folder, `cache-${made++}`)
  const clientOf = (changes: Partial<ChatClientParameters> = {}) =>
    createChatClient({
      baseUrl: started.baseUrl,
      apiKey: null,
      model: 'm',
      maxRetries: 0,
      clock: createFakeClock(),
      ...parameters,
      ...changes,
    })
  const chatWith = (changes: Partial<ChatClientParameters> = {}) =>
    createCachedChat({
      client: clientOf(changes),
      cache: createReplyCache({
        directory,
        onWarning: (message) => {
          throw new Error(message)
        },
      }),
    })
  return { chatWith, clientOf, directory }
}

const says = (text: string): ScriptedStep => ({ body: completionBody({ text }) })
const request = { messages: [{ role: 'user' as const, content: 'What?' }], isUsable: () => true }

async function filesOf(directory: string): Promise<string> {
  const names = await readdir(directory, { recursive: true }).catch(() => [])
  const files = names.filter((name) => name.endsWith('.json'))
  return (await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')))).join('\n')
}

test('a reply is kept for later clients; another model, epoch or question is asked anew', async () => {
  const { chatWith } = await chatOf([says('a'), says('b'), says('c'), says('d')])
  const textOf = async (chat: ReturnType<typeof chatWith>, changes = {}) => {
    const { reply, isCached } = await chat.complete({ ...request, ...changes })
    return [reply.text, isCached]
  }
  expect(await textOf(chatWith())).toEqual(['a', false])
  expect(await textOf(chatWith())).toEqual(['a', true])
  expect(await textOf(chatWith({ model: 'n' }))).toEqual(['b', false])
  expect(await textOf(chatWith(), { repetition: 1 })).toEqual(['c', false])
  expect(await textOf(chatWith(), { sampling: { temperature: 0 } })).toEqual(['d', false])
  expect(await textOf(chatWith(), { repetition: 1 })).toEqual(['c', true])
})

test('without a cache every request goes to the server', async () => {
  const { clientOf } = await chatOf([says('a'), says('b')])
  const chat = createCachedChat({ client: clientOf(), cache: null })
  expect((await chat.complete(request)).reply.text).toBe('a')
  expect(await chat.complete(request)).toMatchObject({ reply: { text: 'b' }, isCached: false })
})

test('errors, replies that were cut off and replies that nobody can use are not kept', async () => {
  const cut = { body: completionBody({ text: '1', finishReason: 'length' }) }
  const { chatWith, directory } = await chatOf([{ status: 500 }, cut, says('no use')])
  const chat = chatWith()
  await expect(chat.complete(request)).rejects.toThrow('500')
  await chat.complete(request)
  await chat.complete({ ...request, isUsable: () => false })
  expect(await filesOf(directory)).toBe('')
})

test('who waits for the same question does not fail with it, but asks on its own', async () => {
  const { chatWith } = await chatOf([{ status: 500 }, says('a')])
  const chat = chatWith()
  const [first, second, third] = await Promise.allSettled([1, 2, 3].map(() => chat.complete(request)))
  expect(first).toMatchObject({ status: 'rejected' })
  expect(second).toMatchObject({ value: { reply: { text: 'a' }, isCached: false } })
  expect(third).toMatchObject({ value: { reply: { text: 'a' }, isCached: true } })
  expect(server.requests).toHaveLength(2)
})

test('an abort ends the waiting of the one who was aborted, and of nobody else', async () => {
  const { chatWith } = await chatOf([{ ...says('a'), delayMs: 200 }])
  const chat = chatWith()
  const controller = new AbortController()
  const first = chat.complete(request)
  const second = chat.complete({ ...request, signal: controller.signal })
  await server.arrived(1)
  controller.abort()
  await expect(second).rejects.toMatchObject({ name: 'AbortError' })
  expect((await first).reply.text).toBe('a')
})

test('what refuses the asking ends the request before it is sent; a kept reply does not ask', async () => {
  const { chatWith } = await chatOf([says('a')])
  const refusal = new Error('enough')
  const asking = (): Promise<never> => Promise.reject(refusal)
  await expect(chatWith().complete({ ...request, asking })).rejects.toBe(refusal)
  expect(server.requests).toHaveLength(0)
  await chatWith().complete(request)
  expect((await chatWith().complete({ ...request, asking })).isCached).toBe(true)
})

test('no key reaches a file: not the one that was sent, not one in the address, not one that the server repeats', async () => {
  const apiKey = 'key-that-must-not-leak'
  const { chatWith, directory } = await chatOf([says('fine'), says(`You sent ${apiKey}.`)], { apiKey })
  const address = server.baseUrl.replace('http://', 'http://user:pass-that-must-not-leak@')
  await chatWith({ baseUrl: `${address}?key=query-that-must-not-leak` }).complete(request)
  expect((await chatWith().complete(request)).reply.text).toContain(apiKey)
  const kept = await filesOf(directory)
  expect(kept).toContain('fine')
  expect(kept).not.toMatch(/must-not-leak/)
})
