import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { ExchangeDirectory } from '../exchange-directory.js'
import { CallTools } from './call-tools.js'
import { checkTools } from './check-tools.js'
import { ToolDesk } from './tool-desk.js'
import type { ToolRequest } from './tool-request.js'

let exchange: ExchangeDirectory
beforeEach(async () => {
  exchange = await ExchangeDirectory.create({ owner: process.getuid?.() })
})
afterEach(() => exchange.close())

const warnings: string[] = []
const desk = new ToolDesk({
  tools: checkTools({
    say: {
      parameters: { length: 'number' },
      result: 'string',
      call: async ({ length }) => 'x'.repeat(Number(length)),
    },
    curse: {
      parameters: {},
      result: 'string',
      call: async () => {
        throw new Error('x'.repeat(5_000_000), { cause: new Error('connect ECONNREFUSED') })
      },
    },
    see: { parameters: { image: 'image' }, result: 'number', call: async () => 1 },
  }),
  onWarning: (message) => warnings.push(message),
})
const user = Symbol('session')

function ask(request: number, length: unknown, tool = 'say'): ToolRequest {
  return { event: 'tool', id: 1, request, tool, arguments: { length }, images: [] }
}

async function told(file: string | null): Promise<unknown> {
  const bytes = await readFile(join(exchange.path, file ?? 'none'))
  return JSON.parse(bytes.subarray(4).toString())
}

test('answers stay, and count, until the run is over, since the worker may keep them open', async () => {
  const call = new CallTools({ desk, user, exchange })
  const run = call.begin('pixels')
  expect(await told(await run.answer(ask(1, 2)))).toEqual({ value: 'xx' })
  expect(await told(await run.answer(ask(2, 'two')))).toEqual({
    error: 'tools.say: length: expected a number',
  })
  expect(await readdir(exchange.path)).toHaveLength(2)
  expect(exchange.bytes).toBeGreaterThan(10)
  await run.end()
  expect([await readdir(exchange.path), exchange.bytes]).toEqual([[], 0])
  expect(await run.answer(ask(3, 1))).toBeNull()
  expect(call.operations.map(({ args, tool }) => [args, tool?.outcome])).toEqual([
    [[{ length: 2 }], 'ok'],
    [[{ length: null }], 'refused'],
    [[{ length: 1 }], 'unfinished'],
  ])
})

test('what all answers of a run hold is bounded', async () => {
  const run = new CallTools({ desk, user, exchange, mostAnswerBytes: 100 }).begin('pixels')
  expect(await told(await run.answer(ask(1, 50)))).toHaveProperty('value')
  expect(await told(await run.answer(ask(2, 50)))).toEqual({
    error: 'the tools of this call have given more than 100 bytes',
  })
  await run.end()
})

test('an answer that finds no room fails the use, and not the machine', async () => {
  const small = await ExchangeDirectory.create({ owner: process.getuid?.(), maxBytes: 1_000 })
  try {
    const run = new CallTools({ desk, user, exchange: small }).begin('pixels')
    const tell = async (request: ToolRequest): Promise<unknown> => {
      const bytes = await readFile(join(small.path, (await run.answer(request)) ?? 'none'))
      return JSON.parse(bytes.subarray(4).toString())
    }
    // Answers of a call fill a quarter of what all may hold, and no more.
    expect(await tell(ask(1, 300))).toEqual({
      error: 'the tools of this call have given more than 250 bytes',
    })
    await run.end()
    // Others hold the rest: even the refusal has no room, and is told.
    small.account(small.newName('pixels'), 990)
    const next = new CallTools({ desk, user, exchange: small }).begin('pixels')
    const name = await next.answer(ask(1, 10))
    const bytes = await readFile(join(small.path, name ?? 'none'))
    expect(JSON.parse(bytes.subarray(4).toString())).toEqual({
      error: 'tools.say: there is no room for its answer; do without it',
    })
    await next.end()
    expect(small.bytes).toBe(990)
  } finally {
    await small.close()
  }
})

test('what a tool throws is recorded in a bounded message, and told to the operator once, with its cause', async () => {
  warnings.length = 0
  const call = new CallTools({ desk, user, exchange })
  const run = call.begin('pixels')
  const request = { ...ask(1, 0, 'curse'), arguments: {} }
  expect(await told(await run.answer(request))).toEqual({ error: `tools.curse: ${'x'.repeat(987)}` })
  await run.answer({ ...request, request: 2 })
  expect(call.operations.map(({ tool }) => tool?.message?.length)).toEqual([1_000, 1_000])
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/^A use of a tool failed: tools\.curse: x+/)
  expect(warnings[0]).toContain('(connect ECONNREFUSED)')
  expect(warnings[0]?.length).toBeLessThan(3_000)
  await run.end()
})

test('pixels that vanish are the matter of the code, and what the machine does not read is not', async () => {
  const run = new CallTools({ desk, user, exchange }).begin('pixels')
  const request: ToolRequest = {
    ...{ event: 'tool', id: 1, request: 1, tool: 'see', arguments: { image: 0 } },
    images: [{ mode: 'L', width: 2, height: 1 }],
  }
  const gone = { error: 'tools.see: the pixels of an image are gone' }
  expect(await told(await run.answer(request))).toEqual(gone)
  await writeFile(join(exchange.path, 'pixels'), 'x')
  expect(await told(await run.answer({ ...request, request: 2 }))).toEqual(gone)
  await run.end()
  const elsewhere = new CallTools({ desk, user, exchange }).begin('n'.repeat(300))
  // ENAMETOOLONG stands for EIO and EMFILE, which cannot be had at will.
  await expect(elsewhere.answer(request)).rejects.toMatchObject({ name: 'SandboxError' })
  await elsewhere.end()
})

test('a run that begins anew forgets what the one before it asked', async () => {
  const call = new CallTools({ desk, user, exchange })
  const first = call.begin('pixels')
  await first.answer(ask(1, 1))
  await first.end()
  const second = call.begin('pixels')
  await second.answer(ask(1, 2, 'shell'))
  expect(call.operations.map(({ call: name, tool }) => [name, tool?.outcome])).toEqual([
    ['tools.shell', 'refused'],
  ])
  await second.end()
})
