import pythonia, { type PythonObject } from 'pythonia/src/pythonia/Bridge.js'
import { BridgeError } from '../core/errors.js'
import { Transport } from './transport.js'
import type { Wire } from './wire.js'

export interface PythonBridgeParameters {
  /** Name for messages, such as `sandbox host 1`. */
  name: string
  wire: Wire
  /** Python module whose functions are called; it must have `attach(callback)`. */
  module: string
  /** Gets the one string argument of every call that Python makes of the attached callback. */
  onEvent: (text: string) => void
  /** How long the other side may take to answer its first request, in milliseconds. */
  startDeadlineMs?: number
}

const DEFAULT_START_DEADLINE_MS = 30_000
const DEFAULT_DEADLINE_MS = 5_000

/**
 * pythonia's Bridge over a wire of ours. Several live side by side; one request at a time is answered by each, so a request must return at once and
 * tell its end through the event callback.
 */
export class PythonBridge {
  private readonly name: string
  private readonly wire: Wire
  private readonly bridge: InstanceType<typeof pythonia.Bridge>
  private readonly transport: Transport
  private readonly callbackIds = new Set<number>()
  private service: PythonObject | undefined
  private failure: BridgeError | undefined
  /** Resolves once, with the reason, when the other side is gone; never rejects. */
  readonly ended: Promise<BridgeError>

  private constructor({ name, wire, onEvent }: PythonBridgeParameters) {
    this.name = name
    this.wire = wire
    this.transport = new Transport({
      wire,
      onCall: (id, [argument]) => {
        if (this.isCallback(id) && typeof argument === 'string') onEvent(argument)
      },
      onViolation: (what) => this.end(`${name} broke the protocol: ${what}`),
    })
    this.bridge = new pythonia.Bridge(this.transport)
    this.bridge.loop.unref()
    // pythonia would hand `require` and `globalThis` to Python; nothing of ours is reachable from there.
    this.bridge.jsi.m = Object.create(null) as Record<string, unknown>
    this.ended = wire.ended.then((how) => this.end(`${name} ended: ${how}`))
  }

  /** Open a bridge. @throws BridgeError when the other side does not start, with what it wrote. */
  static async open(parameters: PythonBridgeParameters): Promise<PythonBridge> {
    const bridge = new PythonBridge(parameters)
    const { module, startDeadlineMs = DEFAULT_START_DEADLINE_MS } = parameters
    try {
      const python = bridge.bridge.makePyObject(0)['python']
      bridge.service = (await bridge.settle(() => python?.(module), startDeadlineMs, 'start')) as PythonObject
      const callback = (): void => undefined
      bridge.callback = callback
      await bridge.settle(() => bridge.service?.['attach']?.(callback), startDeadlineMs, 'start')
    } catch (error) {
      bridge.kill()
      throw error
    }
    return bridge
  }

  /** The function that Python holds; kept so that it is never collected. */
  private callback: (() => void) | undefined

  /**
   * Call one function of the module with plain arguments.
   * @throws BridgeError (retryable) when the other side is gone or misses the deadline; it is ended then, since a bridge that hangs serves nobody.
   */
  async request(
    method: string,
    args: readonly (string | number)[],
    { deadlineMs = DEFAULT_DEADLINE_MS } = {},
  ): Promise<unknown> {
    return this.settle(() => this.service?.[method]?.(...args), deadlineMs, method)
  }

  /** What the other side logged last. */
  get log(): readonly string[] {
    return this.transport.log
  }

  /** End the input, upon which a well-behaved other side leaves; kill it where it does not. Resolves when it is gone. */
  async close({ graceMs = 1_000 } = {}): Promise<void> {
    this.wire.input.end()
    const timer = setTimeout(() => this.wire.kill(), graceMs)
    await this.wire.ended
    clearTimeout(timer)
    this.kill()
  }

  /** Whether requests can still be made; false from the moment it is killed, however long its process takes to end. */
  get isAlive(): boolean {
    return this.failure === undefined
  }

  /** End it now. Requests in flight fail with an error that can be retried on another one. */
  kill(): void {
    this.end(`${this.name} was stopped`)
  }

  private isCallback(id: number): boolean {
    if (this.callbackIds.has(id)) return true
    // pythonia notes the id when Python announces it; only our own function counts.
    const known = this.callback !== undefined && this.bridge.jsi.m[id] === this.callback
    if (known) this.callbackIds.add(id)
    return known
  }

  private async settle(
    invoke: () => Promise<unknown> | undefined,
    deadlineMs: number,
    what: string,
  ): Promise<unknown> {
    if (this.failure) throw this.failure
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new BridgeError(`${this.name} did not answer '${what}' within ${deadlineMs} ms; it is stopped.`, {
            isRetryable: true,
          }),
        )
        this.kill()
      }, deadlineMs)
    })
    try {
      return await Promise.race([invoke(), deadline])
    } catch (error) {
      if (error instanceof BridgeError) throw error
      if (this.failure) throw this.failure
      throw new BridgeError(`${this.name}: '${what}' failed in Python: ${lastLine(error)}`, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  private end(reason: string): BridgeError {
    if (!this.failure) {
      const log = this.log.length > 0 ? `\nIt last wrote:\n  ${this.log.slice(-12).join('\n  ')}` : ''
      this.failure = new BridgeError(`${reason}.${log}`, { isRetryable: true })
      this.bridge.end()
      this.transport.close(reason)
      this.wire.kill()
    }
    return this.failure
  }
}

/** pythonia puts both stacks into `stack` and leaves `message` empty; its last line names the Python error. */
function lastLine(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return text.trim().split('\n').at(-1)?.replace('🌉', '').trim() ?? ''
}
