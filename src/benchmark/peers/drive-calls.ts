import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Load, Measured } from './peer.js'

/** What one call gave: raw pixels, or a traceback. */
export type CallResult = { pixels: Buffer } | { traceback: string }

/**
 * Make the calls of a load from this process.
 * @param open makes one caller ready, outside of the time that is measured.
 */
export async function driveCalls(
  load: Load,
  open: () => Promise<{ call: () => Promise<CallResult>; close: () => Promise<void> }>,
): Promise<Measured> {
  const callers = await Promise.all(Array.from({ length: load.concurrency }, open))
  try {
    const driven = await Promise.all(callers.map(({ call }) => drive(load, call)))
    return {
      milliseconds: driven.flatMap(({ milliseconds }) => milliseconds),
      callsPerSecond: driven.reduce(
        (sum, { milliseconds, seconds }) => sum + milliseconds.length / seconds,
        0,
      ),
      answers: driven.map(({ answer }) => answer),
    }
  } finally {
    await Promise.all(callers.map((caller) => caller.close()))
  }
}

async function drive(
  { seconds, calls, pauseMs }: Load,
  call: () => Promise<CallResult>,
): Promise<{ milliseconds: number[]; seconds: number; answer: Answer }> {
  const milliseconds: number[] = []
  const began = performance.now()
  let paused = 0
  let last: CallResult
  do {
    if (pauseMs > 0) {
      const before = performance.now()
      await sleep(pauseMs)
      paused += performance.now() - before
    }
    const started = performance.now()
    last = await call()
    milliseconds.push(performance.now() - started)
  } while (milliseconds.length < calls && performance.now() - began < seconds * 1000)
  return { milliseconds, seconds: (performance.now() - began - paused) / 1000, answer: answerOf(last) }
}

function answerOf(result: CallResult): Answer {
  return 'pixels' in result
    ? { sha256: createHash('sha256').update(result.pixels).digest('hex'), traceback: null }
    : { sha256: null, traceback: result.traceback }
}
