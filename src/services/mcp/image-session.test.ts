import { expect, test } from '@jest/globals'
import { createFakeSandbox } from '../../agent/testing/fake-sandbox.js'
import { Deferred } from '../../core/deferred.js'
import { Admission } from '../admission.js'
import { ImageSession } from './image-session.js'

test('images that are opened anew count with those before in what a tool may be used', async () => {
  const sandbox = createFakeSandbox()
  const session = new ImageSession({
    ...{ client: 'one', sandbox, leaseMs: 1_000, now: () => 0, heldByAll: () => 0 },
    admission: new Admission({ capacity: 1, queue: 1, callsPerClient: 1 }),
    limits: { imagesPerSession: 9, heldBytes: 1e9 },
  })
  const { signal } = new AbortController()
  for (let time = 0; time < 2; time++) {
    const read = async () => ({ bytes: Buffer.alloc(0), origin: 'a' })
    await session.add({ read, show: async () => null, signal })
    await session.release()
  }
  expect(sandbox.log.filter(({ method }) => method === 'open')).toMatchObject([
    { user: 'one' },
    { user: 'one' },
  ])
})

test('images that are being opened are told beside those that are held, where there is no room for one more', async () => {
  const session = new ImageSession({
    ...{ client: 'one', sandbox: createFakeSandbox(), leaseMs: 1_000, now: () => 0, heldByAll: () => 0 },
    admission: new Admission({ capacity: 9, queue: 9, callsPerClient: 9 }),
    limits: { imagesPerSession: 3, heldBytes: 1e9 },
  })
  const { signal } = new AbortController()
  const answered = new Deferred<void>()
  const add = async (bytes: Promise<void>) =>
    session.add({
      read: async () => {
        await bytes
        return { bytes: Buffer.alloc(0), origin: 'a' }
      },
      show: async () => null,
      signal,
    })
  await add(Promise.resolve())
  const underWay = [add(answered.promise), add(answered.promise)]
  await expect(add(answered.promise)).rejects.toThrow(
    'This session holds 1 image, and 2 are under way; 3 are allowed.',
  )
  answered.resolve()
  await Promise.all(underWay)
  await expect(add(answered.promise)).rejects.toThrow('This session holds 3 images; 3 are allowed.')
})
