import { afterAll, describe, expect, test } from '@jest/globals'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ChatReply } from './chat-server.js'
import { createReplyCache } from './reply-cache.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-replies-'))
afterAll(() => rm(folder, { recursive: true }))

let made = 0
function newCache(directory = join(folder, `cache-${made++}`)) {
  const warnings: string[] = []
  const cache = createReplyCache({ directory, onWarning: (message) => warnings.push(message) })
  return { ...cache, directory, warnings }
}

const key = 'ab'.repeat(32)
const other = 'cd'.repeat(32)
const reply: ChatReply = {
  text: 'ünï\u2028 1',
  reasoning: 'so',
  toolCalls: [{ id: 'c', name: 'look', arguments: '{}' }],
  finishReason: 'stop',
  usage: { promptTokens: 3, completionTokens: 1 },
  requestId: null,
}
const entry = { key, model: 'm', url: 'http://host/v1/chat/completions', reply }
const pathOf = (directory: string, name = key): string => join(directory, name.slice(0, 2), `${name}.json`)

describe('createReplyCache', () => {
  test('gives back what was put, to another process as well, and nothing else', async () => {
    const { directory, get, put } = newCache()
    expect(await get(key)).toBeNull()
    await put(entry)
    expect(await newCache(directory).get(key)).toEqual(reply)
    expect(await get(other)).toBeNull()
  })

  test.each([
    ['is empty, as after a power cut', () => ''],
    ['was cut off', (text: string) => text.slice(0, -20)],
    ['is other JSON', () => '{"layout":1}'],
    ['comes from a later version', (text: string) => text.replace('"layout":1', '"layout":2')],
    ['has another type in it', (text: string) => text.replace('"so"', '7')],
  ])('an entry that %s is told, not used, and replaced', async (_name, spoil) => {
    const { directory, warnings, get, put } = newCache()
    await put(entry)
    const path = pathOf(directory)
    await writeFile(path, spoil(await readFile(path, 'utf8')))
    expect(await get(key)).toBeNull()
    expect(warnings).toEqual([expect.stringContaining(path)])
    await put(entry)
    expect(await get(key)).toEqual(reply)
  })

  test('a file under another question’s name is not used', async () => {
    const { directory, warnings, get, put } = newCache()
    await put(entry)
    await mkdir(dirname(pathOf(directory, other)))
    await copyFile(pathOf(directory), pathOf(directory, other))
    expect(await get(other)).toBeNull()
    expect(warnings).toEqual([expect.stringMatching(/another question/)])
  })

  test('many that write and read one key at once never see half an entry, and leave no other file', async () => {
    const { directory, put } = newCache()
    await put(entry)
    const long = { ...entry, reply: { ...reply, text: 'x'.repeat(200_000) } }
    const caches = Array.from({ length: 8 }, () => newCache(directory))
    const seen = await Promise.all(
      caches.flatMap(({ get, put: write }, index) => [write(index % 2 ? long : entry), get(key), get(key)]),
    )
    const replies = seen.filter((value) => value !== undefined)
    expect(replies).toHaveLength(16)
    for (const value of replies) expect([reply.text, long.reply.text]).toContain(value?.text)
    expect(caches.flatMap(({ warnings }) => warnings)).toEqual([])
    expect(await readdir(dirname(pathOf(directory)))).toEqual([`${key}.json`])
  })

  test('a folder that cannot be written is told once, and nothing fails', async () => {
    const blocked = join(folder, 'file')
    await writeFile(blocked, '')
    const { warnings, get, put } = newCache(join(blocked, 'inside'))
    await put(entry)
    await put(entry)
    expect(warnings).toEqual([expect.stringMatching(/could not be written.*CODEVISION_CACHE/)])
    expect(await get(key)).toBeNull()
  })
})
