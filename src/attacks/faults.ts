import type { SandboxSession } from '../core/sandbox.js'
import { killProcess } from '../chaos/kill-process.js'
import { SandboxError } from '../core/errors.js'
import type { Fault, FaultContext, Stop } from './attack.js'

const SPARE_HOST: Stop = { layer: 'spare host, images outside of it', evidence: 'run again' }
const NEW_ATTEMPT: Stop = { layer: 'another worker', evidence: 'run again' }

/** Parts that die in the middle of a call, and callers that ask too much. */
export const FAULTS: readonly Fault[] = [
  killed('worker', NEW_ATTEMPT, async ({ host }) => {
    // A spare one may have gone since; whether that of the call was among them shows in its being run again.
    for (const worker of (await host()).workers) killProcess(worker)
  }),
  killed('zygote', SPARE_HOST, async ({ host }) => end((await host()).zygote)),
  killed('host', SPARE_HOST, async ({ host }) => end((await host()).host)),
  killed('container', SPARE_HOST, ({ killContainer }) => killContainer()),
  {
    name: 'memory for images full',
    by: 'fault',
    expect: ['refused'],
    isShort: true,
    run: async ({ pool, image }) => {
      const sessions: SandboxSession[] = []
      try {
        for (let count = 0; count < 40; count += 1) {
          const session = await pool.open([image])
          sessions.push(session)
          await session.execute({ code: 'result = Image.new("RGB", (2000, 2000))' })
        }
      } catch (error) {
        if (!(error instanceof SandboxError) || !error.isRetryable) throw error
        return { layer: 'bound of the exchange directory', evidence: 'refused' }
      } finally {
        for (const session of sessions) await session.close()
      }
      throw new Error('480 MB of images were taken where 128 MB are allowed')
    },
  },
  {
    name: 'more calls than may wait',
    by: 'fault',
    expect: ['refused'],
    isShort: true,
    run: async ({ pool, image }) => {
      const session = await pool.open([image])
      const calls = Array.from({ length: 80 }, () => session.execute({ code: 'pass' }))
      const ended = await Promise.allSettled(calls)
      await session.close()
      const refused = ended.filter(
        (call) =>
          call.status === 'rejected' && call.reason instanceof SandboxError && call.reason.isRetryable,
      )
      const answered = ended.filter((call) => call.status === 'fulfilled')
      if (refused.length === 0 || refused.length + answered.length !== calls.length)
        throw new Error(`of 80 calls ${answered.length} were answered and ${refused.length} refused`)
      return { layer: 'bounded queue', evidence: 'refused' }
    },
  },
  {
    name: '300 sessions open and abandoned',
    by: 'fault',
    expect: ['collected'],
    run: async ({ pool, image }) => {
      const before = pool.stats().sessions
      for (let count = 0; count < 300; count += 1) await pool.open([image])
      const deadline = performance.now() + 20_000
      while (pool.stats().sessions > before) {
        if (globalThis.gc === undefined) throw new Error('start it with --expose-gc, as npm run attacks does')
        if (performance.now() > deadline)
          throw new Error(`${pool.stats().sessions - before} sessions are still held`)
        globalThis.gc()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return { layer: 'sessions that nobody holds', evidence: 'collected' }
    },
  },
]

/** Kill a part of the host at work in the middle of a call, which must give its result all the same. */
function killed(part: string, stop: Stop, kill: (context: FaultContext) => Promise<void>): Fault {
  return {
    name: `kill -9 of the ${part} in the middle of a call`,
    by: 'fault',
    expect: [stop.evidence],
    isShort: part === 'worker' || part === 'host',
    run: async (context) => {
      const { pool, image } = context
      await until(() => pool.stats().hosts === 2)
      const { retries } = pool.stats()
      const session = await pool.open([image])
      try {
        const call = session.execute({ code: 'import time\ntime.sleep(0.5)\nresult = image.rotate(180)' })
        await until(() => pool.stats().running === 1)
        await kill(context)
        const execution = await call
        if (execution.status === 'error')
          throw new Error(`the call was lost: ${execution.kind}: ${execution.message}`)
        if (pool.stats().retries === retries)
          throw new Error('nothing was killed: the call was not run again')
        return stop
      } finally {
        await session.close()
      }
    },
  }
}

function end(pid: number | undefined): void {
  if (!killProcess(pid)) throw new Error('there is no such process')
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('the sandbox did not get ready for the fault')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
