import { expect, test } from '@jest/globals'
import { startProcess } from '../bridge/process-wire.js'
import { Host } from './host.js'
import { HostSupply } from './host-supply.js'
import type { Runtime } from './runtime.js'

/** Hosts that end while they start, and the number of those that were tried. */
function dying(): { supply: HostSupply; starts: () => number } {
  let starts = 0
  const runtime: Runtime = {
    name: 'none',
    exchangeOwner: undefined,
    start: async () => {
      starts += 1
      return startProcess({ command: ['sh', '-c', 'echo no such library >&2; exit 3'], environment: {} })
    },
  }
  const supply = new HostSupply({
    start: ({ signal }) => Host.start({ runtime, number: 1, exchange: '/tmp', spare: 1, signal }),
    standby: true,
    onGone: () => undefined,
  })
  return { supply, starts: () => starts }
}

test('hosts that die at every start are tried ever more rarely, and the caller is told why', async () => {
  const { supply, starts } = dying()
  const messages: string[] = []
  for (const end = performance.now() + 3_000; performance.now() < end;) {
    await supply.take().catch((error: Error) => messages.push(error.message))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(starts()).toBeGreaterThanOrEqual(4)
  expect(starts()).toBeLessThanOrEqual(9)
  expect(messages[0]).toContain('exit code 3')
  const told = messages.find((message) => message.includes('in a row'))
  expect(told).toMatch(/ended \d times in a row .* next start is tried in .* doctor.*no such library/s)
  await supply.close()
})

test('a supply that is closed starts nothing', async () => {
  const { supply, starts } = dying()
  await supply.close()
  await expect(supply.take()).rejects.toThrow('closed')
  expect(starts()).toBe(0)
})
