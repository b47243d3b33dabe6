import { request, type IncomingHttpHeaders } from 'node:http'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  /** The body as JSON. */
  json: Record<string, unknown>
}

export interface Ask {
  body?: unknown
  /** Sent as it is, in place of `body`. */
  text?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Requests over real HTTP, to a URL or to a unix socket; every request has a connection of its own. */
export class ServiceClient {
  private readonly url: string

  constructor({ url }: { url: string }) {
    this.url = url
  }

  async ask(method: string, path: string, { body, text, headers = {}, signal }: Ask = {}): Promise<Answer> {
    const payload = text ?? (body === undefined ? undefined : JSON.stringify(body))
    const target = this.url.startsWith('http')
      ? { host: new URL(this.url).hostname, port: new URL(this.url).port }
      : { socketPath: this.url }
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...target,
          ...{ method, path, agent: false },
          headers: { ...(payload !== undefined && { 'content-type': 'application/json' }), ...headers },
          ...(signal && { signal }),
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const whole = Buffer.concat(chunks)
            const isJson = response.headers['content-type']?.startsWith('application/json') === true
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: whole,
              json: isJson ? (JSON.parse(whole.toString()) as Record<string, unknown>) : {},
            })
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(payload)
    })
  }

  /** Open a session. */
  async open(id: string, images: readonly string[]): Promise<Answer> {
    return this.ask('POST', '/v1/sessions', { body: { id, images } })
  }

  async execute(id: string, call: Record<string, unknown>, ask: Ask = {}): Promise<Answer> {
    return this.ask('POST', `/v1/sessions/${id}/execute`, { body: call, ...ask })
  }
}
