import type { Sandbox } from '../core/sandbox.js'
import { encode, knownImage } from './known-image.js'
import { settle } from './settle.js'
import type { Tally } from './tally.js'

interface Wait {
  since: number
  left: number
  resolve: (milliseconds: number) => void
}

/**
 * Callers that make one short call after the other: they tell how long it takes after a kill until as many calls as the sandbox can do at a time, and
 * as many again, have both begun and ended.
 */
export class Probe {
  private readonly waits = new Set<Wait>()
  private readonly callsNeeded: number

  /** @param concurrency calls that the sandbox does at a time. */
  constructor({ concurrency }: { concurrency: number }) {
    this.callsNeeded = 2 * concurrency
  }

  /** Call without end. */
  async run({
    sandbox,
    tally,
    isOver,
  }: {
    sandbox: Sandbox
    tally: Tally
    isOver: () => boolean
  }): Promise<void> {
    const image = await encode(knownImage({ client: 255, session: 0, width: 16, height: 16 }))
    while (!isOver()) {
      const session = await sandbox.open([image]).catch(() => undefined)
      // A session's images stay until it is closed, so each lives for a while only.
      for (let call = 0; session && call < 40 && !isOver(); call += 1) {
        const begun = performance.now()
        const ended = await settle({
          tally,
          what: 'a probe',
          action: () => session.execute({ code: 'result = image.rotate(90)' }),
        })
        if (ended.how === 'value' && ended.value.status === 'ok') this.note(begun)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      await session?.close()
    }
  }

  /** Milliseconds from now until throughput is back. */
  recovery(): Promise<number> {
    return new Promise((resolve) =>
      this.waits.add({ since: performance.now(), left: this.callsNeeded, resolve }),
    )
  }

  private note(begun: number): void {
    for (const wait of this.waits) {
      if (begun < wait.since) continue
      wait.left -= 1
      if (wait.left > 0) continue
      this.waits.delete(wait)
      wait.resolve(performance.now() - wait.since)
    }
  }
}
