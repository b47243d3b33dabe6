import { ServiceError } from './service-error.js'
import { unlessAborted } from '../core/unless-aborted.js'

interface Call<T> {
  /** What was asked, so that one id is not used for two questions. */
  fingerprint: string
  answer: Promise<T>
  /** Requests that wait for the answer. */
  waiting: number
  isSettled: boolean
  abort: AbortController
}

export interface RememberedCall<T> {
  id: string
  fingerprint: string
  /** Aborted when the client that asks goes away. */
  signal: AbortSignal
  run: (signal: AbortSignal) => Promise<T>
}

/**
 * Runs each call once and gives its answer to everybody who asks under the same id, also while it runs. A call that nobody waits for any more is
 * aborted; one that was aborted or failed is forgotten, so that it can be asked again.
 */
export class RememberedCalls<T> {
  private readonly calls = new Map<string, Call<T>>()
  private readonly limit: number
  private active = 0

  constructor({ limit }: { limit: number }) {
    this.limit = limit
  }

  get size(): number {
    return this.calls.size
  }

  /** Calls without an answer yet. */
  get underWay(): number {
    return this.active
  }

  /** @throws ServiceError (409) where the id stands for another call, or there are too many; the signal's reason; what `run` throws. */
  async once({ id, fingerprint, signal, run }: RememberedCall<T>): Promise<T> {
    let call = this.calls.get(id)
    // One that is being aborted may still come to its end, or makes room for another run.
    while (call && !call.isSettled && call.abort.signal.aborted) {
      await unlessAborted(
        call.answer.catch(() => undefined),
        signal,
      )
      call = this.calls.get(id)
    }
    signal.throwIfAborted()
    // Nothing is awaited between the look and the beginning: two who come at once must not begin twice.
    call ??= this.begin({ id, fingerprint, run })
    if (call.fingerprint !== fingerprint)
      throw new ServiceError({
        status: 409,
        code: 'call_id_reused',
        message: `call_id ${id} stands for another call of this session already.`,
        hint: 'Give every call an id of its own; the same id is for sending the same call again.',
      })
    call.waiting += 1
    try {
      return await unlessAborted(call.answer, signal)
    } finally {
      call.waiting -= 1
      if (call.waiting === 0 && !call.isSettled) call.abort.abort(signal.reason)
    }
  }

  /** Keep something smaller in the place of each answer that was given. */
  async replaceAnswers(smaller: (id: string, answer: T) => Promise<T>): Promise<void> {
    const settled = [...this.calls].filter(([, { isSettled }]) => isSettled)
    for (const [id, call] of settled) {
      call.answer = call.answer.then((answer) => smaller(id, answer))
      call.answer.catch(() => undefined)
    }
    await Promise.all(settled.map(([, { answer }]) => answer))
  }

  /** End what runs; who waits for it gets the reason as an error. Resolves when all of it has ended. */
  async abortAll(reason: Error): Promise<void> {
    const running = [...this.calls.values()].filter(({ isSettled }) => !isSettled)
    for (const call of running) call.abort.abort(reason)
    await Promise.allSettled(running.map(({ answer }) => answer))
  }

  private begin({ id, fingerprint, run }: Omit<RememberedCall<T>, 'signal'>): Call<T> {
    if (this.calls.size >= this.limit)
      throw new ServiceError({
        status: 409,
        code: 'too_many_calls_of_session',
        message: `This session had ${this.limit} calls, as many as one may have.`,
        hint: 'Open another session, or raise the limit of the service (--calls-per-session).',
      })
    const abort = new AbortController()
    this.active += 1
    const call: Call<T> = {
      fingerprint,
      waiting: 0,
      isSettled: false,
      abort,
      // Whatever it throws at once, it has been counted.
      answer: (async () => run(abort.signal))().then(
        (answer) => {
          call.isSettled = true
          this.active -= 1
          return answer
        },
        (error: unknown) => {
          call.isSettled = true
          this.active -= 1
          this.calls.delete(id)
          throw error
        },
      ),
    }
    call.answer.catch(() => undefined)
    this.calls.set(id, call)
    return call
  }
}
