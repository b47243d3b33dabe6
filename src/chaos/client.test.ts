import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Sandbox, SandboxSession } from '../core/sandbox.js'
import { testRuntime } from '../config/test-runtime.js'
import { createRandom } from '../data/demo/random.js'
import { createSandbox, type RuntimeChoice } from '../wiring.js'
import { runClient } from './client.js'
import { newTally, type Tally } from './tally.js'

let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await createSandbox({ runtime: (testRuntime() ?? 'auto') as RuntimeChoice })
})

afterAll(() => sandbox.close())

/** The real sandbox with something broken in its sessions. */
function broken(breakIt: (session: SandboxSession) => Partial<SandboxSession>): Sandbox {
  const open = async (...parameters: Parameters<Sandbox['open']>): Promise<SandboxSession> => {
    const session = await sandbox.open(...parameters)
    return {
      images: session.images,
      add: (...of) => session.add(...of),
      execute: (...of) => session.execute(...of),
      view: (...of) => session.view(...of),
      close: () => session.close(),
      ...breakIt(session),
    }
  }
  return { profile: sandbox.profile, versions: () => sandbox.versions(), open, close: async () => undefined }
}

async function load(from: Sandbox): Promise<Tally> {
  const tally = newTally()
  await runClient({
    number: 1,
    sandbox: from,
    random: createRandom({ seed: 'a load' }),
    tally,
    isOver: () => tally.calls > 40,
  })
  return tally
}

test('a sound sandbox passes', async () => {
  const tally = await load(sandbox)
  expect(tally.violations).toEqual([])
  expect(tally.images).toBeGreaterThan(3)
})

test('a result that is made of the wrong image is noticed', async () => {
  const tally = await load(
    broken((session) => ({
      execute: (call, options) => session.execute({ ...call, imageIndex: 0 }, options),
    })),
  )
  expect(tally.violations.join('\n')).toContain('has other pixels')
  expect(tally.wrong).toBeGreaterThan(0)
})

test('an answer that belongs to the call before is noticed', async () => {
  let last: ReturnType<SandboxSession['execute']> | undefined
  const tally = await load(
    broken((session) => ({
      execute: async (call, options) => {
        const previous = last
        last = session.execute(call, options)
        const own = await last
        return previous ?? own
      },
    })),
  )
  expect(tally.wrong).toBeGreaterThan(0)
})

test('an error of the machine that may not be tried again counts as lost', async () => {
  const tally = await load(
    broken(() => ({
      view: async () => {
        throw new Error('the disk is gone')
      },
    })),
  )
  expect(tally.lost).toBeGreaterThan(0)
})
