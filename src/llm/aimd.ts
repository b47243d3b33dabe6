import PQueue from 'p-queue'

/** What a failed call says about the load: `rate-limit` (429), `trouble` (5xx), `none` (anything else). */
export type Pressure = 'rate-limit' | 'trouble' | 'none'

export interface AimdLimiter {
  /** Calls that may run at once now; between 1 and the maximum. */
  readonly limit: number
  /** Run a task when a place is free. An aborted wait rejects at once with the signal's reason. */
  run<T>(task: () => Promise<T>, options?: { signal?: AbortSignal | undefined }): Promise<T>
}

/**
 * Additive increase, multiplicative decrease: a full round of successes adds one place, a rate limit halves them, trouble of the
 * server only stops growth.
 *
 * One overload answers many calls at once, so answers to calls that began before the last halving do not halve again, and successes
 * that began before the last trouble do not grow.
 */
export function createAimdLimiter({
  maximum,
  pressureOf,
}: {
  maximum: number
  pressureOf: (error: unknown) => Pressure
}): AimdLimiter {
  const queue = new PQueue({ concurrency: maximum })
  let places = maximum
  let halvings = 0
  let troubles = 0

  const set = (value: number): void => {
    places = Math.min(maximum, Math.max(1, value))
    queue.concurrency = Math.floor(places)
  }

  return {
    get limit() {
      return queue.concurrency
    },
    run: (task, { signal } = {}) =>
      queue.add(
        async () => {
          const began = { halvings, troubles }
          try {
            const result = await task()
            if (began.halvings === halvings && began.troubles === troubles) set(places + 1 / places)
            return result
          } catch (error) {
            const pressure = pressureOf(error)
            if (pressure === 'rate-limit' && began.halvings === halvings) {
              halvings += 1
              set(places / 2)
            }
            if (pressure === 'trouble') troubles += 1
            throw error
          }
        },
        signal === undefined ? {} : { signal },
      ),
  }
}
