import type { Com, Reply } from 'pythonia/src/pythonia/Bridge.js'
import type { Wire } from './wire.js'

/** No event is longer: messages, tracebacks and output are bounded in the host. */
const MAX_LINE = 8 << 20
const LOG_LINES = 40

type Handler = (reply: Reply) => unknown

export interface TransportParameters {
  wire: Wire
  /** Called with the callback id and the arguments of each call that Python makes. */
  onCall: (id: number, args: unknown[]) => void
  /** Called once when the other side breaks the protocol. */
  onViolation: (what: string) => void
}

/**
 * What pythonia's Bridge speaks through. The Python side decodes hostile images, so it is treated as hostile: of all that pythonia lets Python ask of
 * Node (attributes, constructors, `require`), nothing is answered but a call of a callback that was registered, with plain JSON arguments.
 */
export class Transport implements Com {
  private readonly wire: Wire
  private readonly handlers = new Map<number, Handler>()
  private readonly onCall: TransportParameters['onCall']
  private readonly onViolation: TransportParameters['onViolation']
  private readonly chunks: string[] = []
  private length = 0
  private closed: string | undefined
  /** Last lines that were no message, such as a Python traceback. */
  readonly log: string[] = []

  constructor({ wire, onCall, onViolation }: TransportParameters) {
    this.wire = wire
    this.onCall = onCall
    this.onViolation = onViolation
    wire.output.setEncoding('utf8')
    wire.output.on('data', (chunk: string) => this.read(chunk))
  }

  /** pythonia registers its own face for calls from Python here; it is never used. */
  register(id: string | number, handler: Handler): void {
    if (typeof id === 'number') this.handlers.set(id, handler)
  }

  write(request: { r: number }, handler?: Handler): void {
    this.send(JSON.stringify(request), request.r, handler)
  }

  writeRaw(line: string, id: number, handler: Handler): void {
    this.send(line, id, handler)
  }

  /** Answer every request in flight, and all to come, with an error. */
  close(reason: string): void {
    this.closed ??= reason
    const pending = [...this.handlers]
    this.handlers.clear()
    for (const [id, handler] of pending) handler(errorReply(id, reason))
  }

  private send(line: string, id: number, handler: Handler | undefined): void {
    if (this.closed !== undefined) {
      handler?.(errorReply(id, this.closed))
      return
    }
    if (handler) this.handlers.set(id, handler)
    this.wire.input.write(`${line}\n`)
  }

  private read(chunk: string): void {
    let start = 0
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      this.chunks.push(chunk.slice(start, end))
      const line = this.chunks.join('')
      this.chunks.length = 0
      this.length = 0
      start = end + 1
      this.handle(line)
    }
    if (start === chunk.length) return
    this.chunks.push(chunk.slice(start))
    this.length += chunk.length - start
    if (this.length > MAX_LINE) {
      this.chunks.length = 0
      this.length = 0
      this.onViolation(`it sent a line of more than ${MAX_LINE} characters`)
    }
  }

  private handle(line: string): void {
    if (!line.startsWith('{')) {
      if (line.trim() === '') return
      this.log.push(line.slice(0, 500))
      if (this.log.length > LOG_LINES) this.log.shift()
      return
    }
    let message: unknown
    try {
      message = JSON.parse(line)
    } catch {
      this.onViolation('it sent a line that is not JSON')
      return
    }
    if (isCall(message)) this.onCall(message.ffid, message.args)
    else if (isReply(message)) this.deliver(message)
    // All else is something that Python may not ask for.
  }

  private deliver(reply: Reply): void {
    const handler = this.handlers.get(reply.r)
    if (!handler) return
    // `pre` announces the ids that Python gave to callbacks; the reply itself is still to come.
    if (reply.key !== 'pre') this.handlers.delete(reply.r)
    try {
      handler(reply)
    } catch (error) {
      this.onViolation(`its reply could not be taken (${String(error)})`)
    }
  }
}

function errorReply(id: number, reason: string): Reply {
  return { r: id, key: 'error', val: '', sig: reason }
}

function isCall(message: unknown): message is { ffid: number; args: unknown[] } {
  const call = message as Record<string, unknown>
  return (
    call['c'] === 'jsi' &&
    call['action'] === 'call' &&
    call['key'] === '' &&
    Number.isInteger(call['ffid']) &&
    Array.isArray(call['args'])
  )
}

const REPLY_KEYS = new Set([
  'string',
  'int',
  'num',
  'obj',
  'class',
  'fn',
  'list',
  'inst',
  'void',
  'error',
  'pre',
  'ser',
  '',
])

function isReply(message: unknown): message is Reply {
  const reply = message as Record<string, unknown>
  if (reply['c'] !== undefined || !Number.isInteger(reply['r']) || typeof reply['key'] !== 'string')
    return false
  if (!REPLY_KEYS.has(reply['key'])) return false
  // pythonia prints to our console where an error has no text.
  if (typeof reply['sig'] !== 'string' && (reply['sig'] !== undefined || reply['key'] === 'error'))
    return false
  return reply['key'] !== 'pre' || isIdMap(reply['val'])
}

/** Request id → object id, numbers both: nothing that could name a prototype. */
function isIdMap(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([request, id]) => /^\d{1,15}$/.test(request) && Number.isInteger(id))
  )
}
