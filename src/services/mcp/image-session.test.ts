import { expect, test } from '@jest/globals'
import { createFakeSandbox } from '../../agent/testing/fake-sandbox.js'
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
