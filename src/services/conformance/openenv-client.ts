import { WebSocket } from 'ws'

export interface Told {
  type: string
  data: Record<string, unknown> & {
    observation?: Record<string, unknown>
    reward?: number | null
    done?: boolean
    message?: string
    code?: string
  }
}

/** One WebSocket to a service, spoken to message by message. */
export class OpenEnvClient {
  readonly socket: WebSocket
  private readonly arrived: Told[] = []
  private readonly waiting: ((told: Told) => void)[] = []
  /** The code with which it was closed. */
  readonly closed: Promise<number>

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      const told = JSON.parse(String(data)) as Told
      const next = this.waiting.shift()
      if (next) next(told)
      else this.arrived.push(told)
    })
    this.closed = new Promise((resolve) => socket.once('close', resolve))
  }

  static async connect(url: string, headers: Record<string, string> = {}): Promise<OpenEnvClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new OpenEnvClient(socket)
  }

  async ask(type: string, data?: unknown): Promise<Told> {
    return this.send(JSON.stringify(data === undefined ? { type } : { type, data }))
  }

  async send(text: string | Buffer): Promise<Told> {
    this.socket.send(text)
    return this.next()
  }

  async next(): Promise<Told> {
    const told = this.arrived.shift()
    return told ?? new Promise((resolve) => this.waiting.push(resolve))
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }
}
