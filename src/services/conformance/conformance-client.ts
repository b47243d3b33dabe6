/** An answer of the service under test. */
export interface ConformanceAnswer {
  status: number
  json: Record<string, unknown>
}

/** An answer is waited for no longer. */
const ANSWER_MS = 120_000

/** Requests to a service under test; nothing is tried again, so that what it answers is seen. */
export class ConformanceClient {
  private readonly url: string
  private readonly token: string | undefined

  constructor({ url, token }: { url: string; token?: string | undefined }) {
    this.url = url.replace(/\/+$/, '')
    this.token = token
  }

  /** @throws TypeError (fetch) where nothing answers, its reason as the cause; TimeoutError where nothing comes. */
  async ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<ConformanceAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: objectIn(text) }
  }
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : { value }
  } catch {
    return { text }
  }
}
