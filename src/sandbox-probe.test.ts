import { expect, test } from '@jest/globals'
import { testRuntime } from './config/test-runtime.js'
import { probeSandbox } from './evaluation/run/probe-sandbox.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

const runtime = (testRuntime() ?? 'auto') as RuntimeChoice

test.each(['standard', 'release'] as const)(
  'the picture that is turned before an evaluation starts comes back turned under profile %s',
  async (profile) => {
    const sandbox = await createSandbox({ runtime, profile })
    try {
      await expect(probeSandbox({ sandbox })).resolves.toBeUndefined()
    } finally {
      await sandbox.close()
    }
  },
)
