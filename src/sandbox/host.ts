import { PythonBridge } from '../bridge/python-bridge.js'
import type { Wire } from '../bridge/wire.js'
import { BridgeError, SandboxError } from '../core/errors.js'
import { hostEvent, type Finished, type HostFacts } from './host-event.js'
import { jobLimits, type HostJob } from './job.js'
import type { Runtime, StartHostParameters } from './runtime.js'
import type { JobTools } from './tools/call-tools.js'
import type { ToolRequest } from './tools/tool-request.js'

/** The host may be this late with a verdict before it counts as hung. */
const VERDICT_GRACE_MS = 3_000
const START_DEADLINE_MS = 60_000

interface Pending {
  resolve: (finished: Finished) => void
  reject: (error: Error) => void
  timer: NodeJS.Timeout
  tools: JobTools | undefined
  /** Number of the last request of a tool, and whether it waits for its answer. */
  asked: number
  isAsking: boolean
}

/** One contained host process and the jobs that run in it. */
export class Host {
  private readonly bridge: PythonBridge
  private readonly pending = new Map<number, Pending>()
  private nextId = 1
  private failure: SandboxError | undefined
  readonly facts: HostFacts
  /** Resolves once, when the host is gone; never rejects. */
  readonly ended: Promise<SandboxError>
  /** Resolves once also what belongs to it, such as its container, is gone; never rejects. */
  readonly gone: Promise<void>
  /** Resolves when it has given a first verdict. */
  readonly proven: Promise<void>
  private prove: () => void = () => undefined

  private constructor({ bridge, wire, facts }: { bridge: PythonBridge; wire: Wire; facts: HostFacts }) {
    this.bridge = bridge
    this.facts = facts
    this.gone = bridge.ended.then(() => wire.gone)
    this.proven = new Promise((resolve) => (this.prove = resolve))
    this.ended = bridge.ended.then((error) => this.fail(error))
  }

  /** Start a host and wait until its libraries are loaded. @throws SandboxError with what it wrote, or when the signal ended it. */
  static async start({
    runtime,
    signal,
    ...parameters
  }: StartHostParameters & { runtime: Runtime; signal?: AbortSignal }): Promise<Host> {
    const name = `The ${runtime.name} sandbox host ${parameters.number}`
    let host: Host | undefined
    let settleReady: ((facts: HostFacts) => void) | undefined
    let rejectReady: ((error: Error) => void) | undefined
    const ready = new Promise<HostFacts>((resolve, reject) => {
      settleReady = resolve
      rejectReady = reject
    })
    ready.catch(() => undefined)
    let bridge: PythonBridge | undefined
    let wire: Wire | undefined
    const abort = (): void => wire?.kill()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      wire = await runtime.start({ ...parameters, signal })
      if (signal?.aborted) abort()
      bridge = await PythonBridge.open({
        name,
        wire,
        module: 'py_sandbox.service',
        startDeadlineMs: START_DEADLINE_MS,
        onEvent: (text) => {
          const event = hostEvent.safeParse(parseJson(text))
          if (!event.success) bridge?.kill()
          else if (event.data.event === 'ready') settleReady?.(event.data)
          else if (event.data.event === 'broken')
            rejectReady?.(new SandboxError(`${name} could not load its libraries:\n${event.data.message}`))
          else if (event.data.event === 'failed') host?.settleFailed(event.data.id, event.data.message)
          else if (event.data.event === 'finished') host?.settle(event.data)
          else if (event.data.event === 'tool') void host?.ask(event.data)
        },
      })
      void bridge.ended.then((error) => rejectReady?.(error))
      const facts = await withDeadline(ready, START_DEADLINE_MS, `${name} did not load its libraries`)
      host = new Host({ bridge, wire, facts })
      return host
    } catch (error) {
      bridge?.kill()
      throw asSandboxError(error)
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  get isAlive(): boolean {
    return this.failure === undefined && this.bridge.isAlive
  }

  /**
   * Run one job to its verdict.
   * @throws SandboxError when the host is gone, hangs, or could not start the job; AbortError when aborted, once the host has concluded the job.
   */
  async run(
    { job, files, result, timeoutMs, memoryBytes, fileBytes, session, then, tools }: HostJob,
    { signal }: { signal?: AbortSignal | undefined } = {},
  ): Promise<Finished> {
    if (this.failure) throw this.failure
    signal?.throwIfAborted()
    const id = this.nextId++
    const limits = jobLimits({ timeoutMs, memoryBytes, fileBytes })
    const verdict = new Promise<Finished>((resolve, reject) => {
      const timer = setTimeout(() => this.hang(timeoutMs), timeoutMs + VERDICT_GRACE_MS)
      this.pending.set(id, { resolve, reject, timer, tools, asked: 0, isAsking: false })
    })
    const onAbort = (): void => {
      tools?.abort()
      if (this.isAlive) this.bridge.request('cancel', [id]).catch(() => undefined)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    // Its failure reaches the caller through `verdict`, also when that fails while the request is still under way.
    verdict.catch(() => undefined)
    try {
      await this.bridge.request('submit', [
        JSON.stringify({ id, timeoutMs, files, result, session, then, job: { ...limits, ...job } }),
      ])
      const finished = await verdict
      signal?.throwIfAborted()
      return finished
    } catch (error) {
      throw isAbort(error, signal) ? error : asSandboxError(error)
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.take(id)
      if (tools !== undefined) await tools.end()
    }
  }

  /** Drop what was prepared for a session that is closed. */
  async release(session: number): Promise<void> {
    await this.bridge.request('release', [session])
  }

  async close(): Promise<void> {
    await this.bridge.close()
  }

  /** End it at once, without a word to it. */
  kill(): void {
    this.bridge.kill()
  }

  private settle(finished: Finished): void {
    this.prove()
    this.take(finished.id)?.resolve(finished)
  }

  private settleFailed(id: number, message: string): void {
    this.take(id)?.reject(
      new SandboxError(`The sandbox could not run the call: ${message}`, { isRetryable: true }),
    )
  }

  /** Answer what the code of a job asks of a tool. A host that asks for a job without tools, out of turn, or too often, is ended. */
  private async ask(request: ToolRequest): Promise<void> {
    const { id } = request
    const pending = this.pending.get(id)
    // The verdict came before: nobody waits.
    if (!pending) return
    const { tools } = pending
    const isInTurn = !pending.isAsking && request.request === pending.asked + 1
    if (tools === undefined || !isInTurn || request.request > tools.mostRequests) {
      this.bridge.kill()
      return
    }
    pending.asked += 1
    pending.isAsking = true
    try {
      const file = await tools.answer(request)
      if (file === null) return
      pending.isAsking = false
      if (this.pending.get(id) === pending)
        await this.bridge.request('answer', [JSON.stringify({ id, request: request.request, file })])
    } catch (error) {
      const unanswered = this.take(id)
      // Else the job was over before its tool.
      if (unanswered !== undefined) {
        unanswered.reject(asSandboxError(error))
        if (this.isAlive) this.bridge.request('cancel', [id]).catch(() => undefined)
      }
    }
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id)
    if (pending) {
      this.pending.delete(id)
      clearTimeout(pending.timer)
    }
    return pending
  }

  private hang(timeoutMs: number): void {
    this.fail(
      new BridgeError(
        `The sandbox host gave no verdict within ${timeoutMs + VERDICT_GRACE_MS} ms; it is stopped.`,
        { isRetryable: true },
      ),
    )
    this.bridge.kill()
  }

  private fail(error: BridgeError): SandboxError {
    this.failure ??= asSandboxError(error)
    for (const id of [...this.pending.keys()]) this.take(id)?.reject(this.failure)
    return this.failure
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isAbort(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error === signal.reason
}

function asSandboxError(error: unknown): SandboxError {
  if (error instanceof SandboxError) return error
  const isRetryable = error instanceof BridgeError && error.isRetryable
  return new SandboxError(error instanceof Error ? error.message : String(error), {
    cause: error,
    isRetryable,
  })
}

async function withDeadline<T>(promise: Promise<T>, milliseconds: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new SandboxError(`${what} within ${milliseconds} ms.`, { isRetryable: true })),
      milliseconds,
    )
  })
  try {
    return await Promise.race([promise, deadline])
  } finally {
    clearTimeout(timer)
  }
}
