import { performance } from 'node:perf_hooks'

/** What a rollout waits for. */
export type Waiting = 'model' | 'sandbox'

/** What rollouts that run beside each other wait for, in seconds by the clock. */
export interface WaitingTimes {
  /** At least one waited for it. */
  readonly model: number
  readonly sandbox: number
  /** At least one waited for the sandbox, and none for the model: what a step would be spared by a sandbox without delay, at the most. */
  readonly sandboxAlone: number
}

/** Shared by rollouts; each tells when it begins and ceases to wait. */
export interface WaitingClock {
  begin(what: Waiting): void
  end(what: Waiting): void
  times(): WaitingTimes
}

/** Start at zero, with nobody waiting. */
export function createWaitingClock({
  now = () => performance.now() / 1000,
}: {
  /** Seconds. */
  now?: () => number
} = {}): WaitingClock {
  const waiting = { model: 0, sandbox: 0 }
  const times = { model: 0, sandbox: 0, sandboxAlone: 0 }
  let last = now()
  const pass = (): void => {
    const seconds = now() - last
    last += seconds
    if (waiting.model > 0) times.model += seconds
    if (waiting.sandbox > 0) times.sandbox += seconds
    if (waiting.sandbox > 0 && waiting.model === 0) times.sandboxAlone += seconds
  }
  return {
    begin(what) {
      pass()
      waiting[what]++
    },
    end(what) {
      pass()
      waiting[what]--
    },
    times() {
      pass()
      return { ...times }
    },
  }
}
