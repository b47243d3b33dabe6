import { expect, test } from '@jest/globals'
import { createFakeSandbox } from '../agent/testing/fake-sandbox.js'
import { openSandboxSession } from './open-sandbox-session.js'
import { DEFAULT_SERVICE_LIMITS } from './service-limits.js'

test('sessions of a client count together in what a tool may be used, however many it opens', async () => {
  const sandbox = createFakeSandbox()
  const { signal } = new AbortController()
  for (const client of ['trainer', 'trainer', 'other'])
    await openSandboxSession({
      ...{ client, id: undefined, images: [], sandbox, limits: DEFAULT_SERVICE_LIMITS, signal },
    }).start('a', () => undefined)
  expect(sandbox.log).toMatchObject([{ user: 'trainer' }, { user: 'trainer' }, { user: 'other' }])
})
