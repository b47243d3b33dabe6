import { ServiceError } from './service-error.js'

export interface AdmissionParameters {
  /** Calls that the sandbox runs at the same time. */
  capacity: number
  /** Calls that may wait beyond those. */
  queue: number
  /** Calls of one client that run or wait. */
  callsPerClient: number
}

/** Retry-After is a guess; it is never so long that a client would give up, nor so short that it would hammer. */
const SHORTEST_WAIT_SECONDS = 1
const LONGEST_WAIT_SECONDS = 30
/** Weight of the newest duration in the running mean. */
const NEWEST = 0.05

/** Counts what runs and waits, and refuses what would make the queue longer than it may be. The sandbox itself keeps the order. */
export class Admission {
  private readonly parameters: AdmissionParameters
  private readonly byClient = new Map<string, number>()
  private inFlight = 0
  private meanSeconds = 0.1

  constructor(parameters: AdmissionParameters) {
    this.parameters = parameters
  }

  get capacity(): number {
    return this.parameters.capacity
  }

  get running(): number {
    return Math.min(this.inFlight, this.parameters.capacity)
  }

  get queued(): number {
    return this.inFlight - this.running
  }

  /** Run an action that needs the sandbox. @throws ServiceError (429) where there is no room for it. */
  async run<T>({ client }: { client: string }, action: () => Promise<T>): Promise<T> {
    this.enter(client)
    const started = performance.now()
    try {
      return await action()
    } finally {
      this.leave(client, (performance.now() - started) / 1000)
    }
  }

  private enter(client: string): void {
    const { capacity, queue, callsPerClient } = this.parameters
    const mine = this.byClient.get(client) ?? 0
    if (mine >= callsPerClient)
      throw this.refusal(
        'too_many_calls',
        `This client has ${mine} calls under way; ${callsPerClient} are allowed.`,
      )
    if (this.inFlight >= capacity + queue)
      throw this.refusal('queue_full', `${this.queued} calls wait already; ${queue} may.`)
    this.byClient.set(client, mine + 1)
    this.inFlight += 1
  }

  private leave(client: string, seconds: number): void {
    const mine = (this.byClient.get(client) ?? 1) - 1
    if (mine > 0) this.byClient.set(client, mine)
    else this.byClient.delete(client)
    this.inFlight -= 1
    this.meanSeconds += NEWEST * (seconds - this.meanSeconds)
  }

  private refusal(code: string, message: string): ServiceError {
    // A call now ends about so long after it came: by then, who waits now has had his turn.
    const wait = Math.ceil(this.meanSeconds)
    return new ServiceError({
      status: 429,
      code,
      message,
      hint: 'Send the call again after Retry-After seconds, or let fewer calls run at the same time.',
      retryAfterSeconds: Math.min(LONGEST_WAIT_SECONDS, Math.max(SHORTEST_WAIT_SECONDS, wait)),
    })
  }
}
