import type {
  HostTool,
  ToolImage,
  ToolLimits,
  ToolParameter,
  ToolResult,
  ToolValue,
} from '../core/host-tool.js'
import { readBounded } from './read-bounded.js'

export interface HttpToolParameters {
  url: string
  method: 'GET' | 'POST' | 'PUT'
  /** By name, secrets among them: no message tells of them. */
  headers: Readonly<Record<string, string>>
  description: string | undefined
  parameters: Readonly<Record<string, ToolParameter>>
  result: ToolResult
  limits: ToolLimits
  /** Tests pass their own. */
  fetch?: typeof fetch
}

/**
 * A tool that asks an HTTP endpoint, and no other address: a redirection counts as a failure. POST and PUT send one JSON object with the arguments, an image as the
 * Base64 text of its PNG; GET sends them behind the address. The answer is JSON, or `text/plain` where the result is a string, or a file of an image where it is one.
 */
export function createHttpTool({
  url,
  method,
  headers,
  description,
  parameters,
  result,
  limits,
  fetch: send = fetch,
}: HttpToolParameters): HostTool {
  return {
    description,
    parameters,
    result,
    limits,
    async call(args, { signal }) {
      const given = await send(addressOf({ url, method, args }), {
        method,
        headers: {
          accept: result === 'image' ? 'image/*' : 'application/json, text/plain',
          ...(method !== 'GET' && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(method !== 'GET' && { body: await bodyOf(args) }),
        redirect: 'error',
        signal,
      }).catch((cause: unknown) => {
        if (signal.aborted) throw cause
        // What fetch says names the address.
        throw new Error('its server cannot be reached', { cause })
      })
      if (!given.ok) {
        await given.body?.cancel()
        throw new Error(`its server answered with status ${given.status}`)
      }
      const body = await readBounded({ body: given.body, most: limits.maxBytes })
      if (body === null) throw new Error(`its server answered with more than ${limits.maxBytes} bytes`)
      return valueOf({ body, result, type: given.headers.get('content-type') ?? '' })
    },
  }
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

function valueOf({ body, result, type }: { body: Buffer; result: ToolResult; type: string }): unknown {
  if (result === 'image') return body
  const text = body.toString('utf8')
  if (result === 'string' && type.startsWith('text/plain')) return text
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('its server did not answer with JSON')
  }
}
