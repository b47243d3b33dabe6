import { describe, expect, test } from '@jest/globals'
import { SandboxError } from '../core/errors.js'
import { ensureSandboxRuntime, findReadyRuntime } from './sandbox-runtime.js'
import { setUp } from './set-up.js'
import { withEnvironment } from '../config/testing/with-environment.js'

/** A machine on which no program can be found, and nothing was set up. */
const onBareMachine = (run: () => Promise<void>) =>
  withEnvironment((folder) => ({ PATH: folder, CODEVISION_CACHE: folder }), run)

describe('ensureSandboxRuntime', () => {
  test('where nothing is there it names each way with what is missing of it', () =>
    onBareMachine(async () => {
      expect(await findReadyRuntime()).toBeNull()
      const failure: unknown = await ensureSandboxRuntime().catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(SandboxError)
      // It may lie in a usual folder all the same, which is told then.
      expect(String(failure)).toMatch(/bubblewrap is (not installed|installed as .*, but PATH)/)
      for (const way of ['docker is not installed', 'podman is not installed'])
        expect(String(failure)).toContain(way)
    }))
})

describe('setUp', () => {
  test('with isOnlyMissing it fails as loudly where something is missing', () =>
    onBareMachine(async () => {
      const failure = setUp({ component: 'docker', isOnlyMissing: true, engine: 'docker' })
      await expect(failure).rejects.toThrow(/docker is not installed/)
    }))

  test('with isOnlyMissing it is silent where a sandbox can start', async () => {
    const before = await findReadyRuntime()
    const done = await setUp({ component: 'all', isOnlyMissing: true, engine: 'docker' })
    if (before === null) expect(done).toMatch(/The sandbox can start/)
    else expect(done).toBeNull()
  })
})
