import { readdir, readFile } from 'node:fs/promises'
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

const desk = new ToolDesk({
  tools: checkTools({
    say: {
      parameters: { length: 'number' },
      result: 'string',
      call: async ({ length }) => 'x'.repeat(Number(length)),
    },
  }),
})

function ask(request: number, length: unknown, tool = 'say'): ToolRequest {
  return { event: 'tool', id: 1, request, tool, arguments: { length }, images: [] }
}

async function told(file: string | null): Promise<unknown> {
  const bytes = await readFile(join(exchange.path, file ?? 'none'))
  return JSON.parse(bytes.subarray(4).toString())
}

test('answers stay, and count, until the run is over, since the worker may keep them open', async () => {
  const call = new CallTools({ desk, exchange })
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
  const run = new CallTools({ desk, exchange, mostAnswerBytes: 100 }).begin('pixels')
  expect(await told(await run.answer(ask(1, 50)))).toHaveProperty('value')
  expect(await told(await run.answer(ask(2, 50)))).toEqual({
    error: 'the tools of this call have given more than 100 bytes',
  })
  await run.end()
})

test('a run that begins anew forgets what the one before it asked', async () => {
  const call = new CallTools({ desk, exchange })
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
