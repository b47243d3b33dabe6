import type {
  HostTool,
  ToolImage,
  ToolLimits,
  ToolParameter,
  ToolResult,
  ToolValue,
} from '../core/host-tool.js'
import { exchangeBytes } from '../llm/exchange-bytes.js'
import { readAnsweredText } from './read-answered-text.js'
import { parseExactJson } from './parse-exact-json.js'

export interface HttpToolParameters {
  url: string
  method: 'GET' | 'POST' | 'PUT'
  /** By name, secrets among them: no message tells of them. */
  headers: Readonly<Record<string, string>>
  description: string | undefined
  parameters: Readonly<Record<string, ToolParameter>>
  result: ToolResult
  limits: ToolLimits
}

/**
 * A tool that asks an HTTP endpoint, and no other address: a redirection counts as a failure. POST and PUT send one JSON object with the arguments, an image as the
 * Base64 text of its PNG; GET sends them behind the address. The answer is JSON, or `text/plain` where the result is a string (in the charset that it names), or a file of an image where it is one.
 */
export function createHttpTool({
  url,
  method,
  headers,
  description,
  parameters,
  result,
  limits,
}: HttpToolParameters): HostTool {
  return {
    description,
    parameters,
    result,
    limits,
    async call(args, { signal }) {
      const { status, type, body } = await ask({ args, signal })
      if (status < 200 || status >= 300) throw new Error(`its server answered with status ${status}`)
      return valueOf({ body, result, type })
    },
  }

  async function ask({ args, signal }: { args: Arguments; signal: AbortSignal }): Promise<Answer> {
    const { timeoutMs, maxBytes } = limits
    const unreachable = (cause: unknown): Error =>
      signal.aborted
        ? (signal.reason as Error)
        : // What the cause says names the address.
          new Error('its server cannot be reached', { cause })
    const outcome = await exchangeBytes({
      url: addressOf({ url, method, args }),
      method,
      headers: headersOf({ result, headers }),
      body: method === 'GET' ? undefined : await bodyOf(args),
      ...{ timeoutMs, maxBytes, signal },
    }).catch((cause: unknown) => {
      throw unreachable(cause)
    })
    switch (outcome.kind) {
      case 'answer':
        return {
          status: outcome.status,
          type: outcome.headers['content-type'] ?? '',
          body: outcome.body,
        }
      case 'connection':
        throw unreachable(outcome.cause)
      case 'deadline':
        throw new Error(`its server did not answer within ${timeoutMs / 1_000} s`)
      case 'too-long':
        throw new Error(`its server answered with more than ${maxBytes} bytes`)
    }
  }
}

interface Answer {
  status: number
  type: string
  body: Buffer
}

/** Those of the configuration stand in place of ours, however they are written. */
function headersOf({
  result,
  headers,
}: Pick<HttpToolParameters, 'result' | 'headers'>): Record<string, string> {
  const all = new Headers({ accept: result === 'image' ? 'image/*' : 'application/json, text/plain' })
  for (const [name, value] of Object.entries(headers)) all.set(name, value)
  return Object.fromEntries(all)
}

type Arguments = Readonly<Record<string, ToolValue | undefined>>

function addressOf({ url, method, args }: { url: string; method: string; args: Arguments }): URL {
  const address = new URL(url)
  if (method === 'GET')
    for (const [name, value] of Object.entries(args)) address.searchParams.set(name, String(value))
  return address
}

async function bodyOf(args: Arguments): Promise<string> {
  const encoded = await Promise.all(
    Object.entries(args).map(async ([name, value]) => [
      name,
      isImage(value) ? (await value.png()).toString('base64') : value,
    ]),
  )
  return JSON.stringify(Object.fromEntries(encoded))
}

function isImage(value: ToolValue | undefined): value is ToolImage {
  return typeof value === 'object' && value !== null && 'pixels' in value && Buffer.isBuffer(value.pixels)
}

function valueOf({ body, result, type: given }: { body: Buffer; result: ToolResult; type: string }): unknown {
  if (result === 'image') return body
  const { text, type } = readAnsweredText({ body, type: given })
  if (result === 'string' && type === 'text/plain') return text
  try {
    return parseExactJson(text)
  } catch (error) {
    throw new Error(
      error instanceof RangeError
        ? `its server answered with ${error.message}`
        : 'its server did not answer with JSON',
    )
  }
}
