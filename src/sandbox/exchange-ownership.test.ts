import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { ExchangeDirectory } from './exchange-directory.js'

const created: ExchangeDirectory[] = []

async function create(parameters: { maxBytes?: number } = {}): Promise<ExchangeDirectory> {
  const exchange = await ExchangeDirectory.create({ owner: undefined, ...parameters })
  created.push(exchange)
  return exchange
}

afterEach(async () => {
  for (const exchange of created.splice(0)) await exchange.close()
})

test('a sweep removes what nobody owns and nothing else', async () => {
  const exchange = await create()
  const mine = exchange.newName('pixels')
  await exchange.write(mine, Buffer.from('mine'))
  const given = exchange.newName('pixels')
  await exchange.remove(given)
  await writeFile(join(exchange.path, given), 'written by a host that was being ended')
  await writeFile(join(exchange.path, 'stray'), '')
  await exchange.sweep()
  expect(await readdir(exchange.path)).toEqual([mine])
})

test('files hold no more bytes together than they may, and give them back', async () => {
  const exchange = await create({ maxBytes: 100 })
  const first = exchange.newName('file')
  await exchange.write(first, Buffer.alloc(60))
  const second = exchange.newName('file')
  await expect(exchange.write(second, Buffer.alloc(60))).rejects.toMatchObject({
    name: 'SandboxError',
    isRetryable: true,
    message: expect.stringMatching(/60 bytes.*limit of 100.*maxBytes/),
  })
  await exchange.remove(first)
  await exchange.write(second, Buffer.alloc(60))
  expect(exchange.bytes).toBe(60)
})
