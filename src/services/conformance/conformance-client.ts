/** Where the service under test is, and until when it is tried. */
export interface ServiceUnderTest {
  url: string
  token?: string | undefined
  signal?: AbortSignal | undefined
}

/** An answer of the service under test. */
export interface ConformanceAnswer {
  status: number
  json: Record<string, unknown>
  headers: Headers
}

/** An answer is waited for no longer; after an abort, that something was given up. */
const ANSWER_MS = 120_000
const LAST_ANSWER_MS = 2_000

/** Requests to a service under test; nothing is tried again, so that what it answers is seen. */
export class ConformanceClient {
  private readonly url: string
  private readonly token: string | undefined
  private readonly signal: AbortSignal | undefined

  constructor({ url, token, signal }: ServiceUnderTest) {
    this.url = url.replace(/\/+$/, '')
    this.token = token
    this.signal = signal
  }

  /**
   * Where it was aborted before, only a DELETE is still sent, and hardly waited for.
   * @throws TypeError (fetch) where nothing answers, its reason as the cause; TimeoutError where nothing comes; the reason of the signal.
   */
  async ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ConformanceAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: this.patience(method),
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: bodyIn(text), headers: response.headers }
  }

  private patience(method: string): AbortSignal {
    const { signal } = this
    if (signal?.aborted === true && method === 'DELETE') return AbortSignal.timeout(LAST_ANSWER_MS)
    return AbortSignal.any([AbortSignal.timeout(ANSWER_MS), ...(signal === undefined ? [] : [signal])])
  }
}

function bodyIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : { value }
  } catch {
    return { text }
  }
}
