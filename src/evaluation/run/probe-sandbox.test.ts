import { expect, test } from '@jest/globals'
import { fakeImage } from '../../agent/testing/fake-image.js'
import { SandboxError } from '../../core/errors.js'
import type { Sandbox } from '../../core/sandbox.js'
import { probeSandbox } from './probe-sandbox.js'
import { fakeSandbox } from '../testing/fakes.js'

/** A sandbox whose every call gives an image of this size; tells of closed sessions. */
function sandboxGiving(size: { width: number; height: number }) {
  const closed: true[] = []
  const fake = fakeSandbox()
  const sandbox: Sandbox = {
    ...fake,
    open: async (sources) => {
      const session = await fake.open(sources)
      const trace = { stdout: '', operations: [], durationMs: 1 }
      return {
        ...session,
        execute: () =>
          Promise.resolve({
            ...trace,
            status: 'ok',
            image: fakeImage(size),
            unchanged: false,
            imageIndex: 1,
          }),
        close: () => Promise.resolve(void closed.push(true)),
      }
    },
  }
  return { sandbox, closed }
}

test('a sandbox that turns the picture passes, and its session is closed', async () => {
  const { sandbox, closed } = sandboxGiving({ width: 56, height: 84 })
  await probeSandbox({ sandbox })
  expect(closed).toHaveLength(1)
})

test('one that gives something else does not, and its session is closed', async () => {
  const { sandbox, closed } = sandboxGiving({ width: 84, height: 56 })
  await expect(probeSandbox({ sandbox })).rejects.toThrow(SandboxError)
  await expect(probeSandbox({ sandbox })).rejects.toThrow(/got an image of 84 × 56/)
  expect(closed).toHaveLength(2)
})

test('one in which every call fails is told with the failure', async () => {
  await expect(probeSandbox({ sandbox: fakeSandbox() })).rejects.toThrow(/NameError.*doctor/)
})
