import type { Sandbox } from '../../core/sandbox.js'
import { driveCalls } from './drive-calls.js'
import type { Load, Measured, Peer } from './peer.js'

/** This project's sandbox: one session a caller, from `execute` until its pixels are a Buffer. */
export function codevisionPeer(sandbox: Sandbox): Peer {
  return {
    name: 'codevision',
    measure: (load: Load): Promise<Measured> =>
      driveCalls(load, async () => {
        const session = await sandbox.open([load.image.png])
        return {
          call: async () => {
            const execution = await session.execute({ code: load.code }, { timeoutMs: 60_000 })
            return execution.status === 'ok'
              ? { pixels: await execution.image.pixels() }
              : { traceback: execution.traceback }
          },
          close: () => session.close(),
        }
      }),
    close: () => sandbox.close(),
  }
}
