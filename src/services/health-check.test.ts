import { expect, test } from '@jest/globals'
import { SandboxError } from '../core/errors.js'
import type { Sandbox, SandboxSession } from '../core/sandbox.js'
import { HealthCheck, type HealthCheckParameters } from './health-check.js'
import { probeSandbox } from './probe-sandbox.js'

/** A sandbox that counts how often it is opened; by default every call waits until it is aborted, as behind a long queue. */
function fakeSandbox({ open = waitForAbort }: { open?: Sandbox['open'] } = {}): Sandbox & { opened: number } {
  const sandbox = {
    profile: 'standard' as const,
    opened: 0,
    versions: async () => {
      throw new SandboxError('not asked for')
    },
    open: async (...parameters: Parameters<Sandbox['open']>) => {
      sandbox.opened += 1
      return open(...parameters)
    },
    close: async () => undefined,
  }
  return sandbox
}

async function waitForAbort(
  _images: unknown,
  { signal }: { signal?: AbortSignal } = {},
): Promise<SandboxSession> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error))
  })
}

function healthOf({
  sandbox,
  ...parameters
}: Omit<HealthCheckParameters, 'probe' | 'subject'> & { sandbox: Sandbox }): HealthCheck {
  const probe = (signal: AbortSignal): Promise<void> => probeSandbox({ sandboxes: [sandbox], signal })
  return new HealthCheck({ probe, subject: 'The sandbox cannot run code', ...parameters })
}

test('a probe that waits behind calls that are being answered finds the sandbox busy', async () => {
  let now = 0
  const health = healthOf({
    sandbox: fakeSandbox(),
    now: () => now++,
    deadlineMs: 20,
    lastVerdictAt: () => 1_000,
  })
  expect(await health.check()).toMatchObject({ status: 'busy' })
})

test('a probe that waits while no call is answered finds it ill', async () => {
  const lastVerdictAt = (): number => -1
  const health = healthOf({ sandbox: fakeSandbox(), now: () => 0, deadlineMs: 20, lastVerdictAt })
  await expect(health.check()).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('20 ms'),
  })
})

test('a verdict holds for a second, then the sandbox is tried again', async () => {
  let now = 0
  const open = async (): Promise<never> => {
    throw new SandboxError('The container is gone.\nIt last wrote: /secret/path')
  }
  const sandbox = fakeSandbox({ open })
  const health = healthOf({ sandbox, now: () => now, lastVerdictAt: () => undefined })
  await expect(health.check()).rejects.toThrow(/container is gone\.$/)
  now = 900
  await expect(health.check()).rejects.toThrow('container is gone')
  expect(sandbox.opened).toBe(1)
  now = 1_100
  await expect(health.check()).rejects.toThrow('container is gone')
  expect(sandbox.opened).toBe(2)
})
