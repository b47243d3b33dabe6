import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import type { ServiceUnderTest } from './conformance-client.js'

/** Longest time in which a server ends the session. */
const CLOSE_MS = 2_000

/** What a tool answered. */
export interface ToolAnswer {
  isError: boolean
  text: string
  /** Media types of the pictures in it. */
  pictures: string[]
}

/** One client of an MCP server over streamable HTTP. */
export class McpConnection {
  private readonly client: Client
  private readonly transport: StreamableHTTPClientTransport
  private readonly signal: AbortSignal | undefined

  private constructor(
    client: Client,
    transport: StreamableHTTPClientTransport,
    signal: AbortSignal | undefined,
  ) {
    this.client = client
    this.transport = transport
    this.signal = signal
  }

  /** @throws Error where the server does not answer as one; after an abort, the reason of the signal or an error of the SDK. */
  static async open({ url, token, signal }: ServiceUnderTest): Promise<McpConnection> {
    const client = new Client({ name: 'codevision-conformance', version: '1' })
    const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }) }
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } })
    // The SDK's own types disagree about absent fields.
    const connecting = client.connect(transport as Parameters<Client['connect']>[0], until(signal))
    try {
      await unlessAborted(connecting, signal)
    } catch (error) {
      await client.close()
      throw error
    }
    return new McpConnection(client, transport, signal)
  }

  /** Names of the tools, each with the names of what it takes. */
  async tools(): Promise<Map<string, string[]>> {
    const { tools } = await this.client.listTools(undefined, until(this.signal))
    return new Map(
      tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})] as const),
    )
  }

  /** @throws McpError for an error of the protocol. */
  async call(name: string, given: Record<string, unknown> = {}): Promise<ToolAnswer> {
    const told = await this.client.callTool({ name, arguments: given }, undefined, until(this.signal))
    const answer = CallToolResultSchema.parse(told)
    const { content, isError = false } = answer
    return {
      isError,
      text: content.map((part) => (part.type === 'text' ? part.text : '')).join('\n'),
      pictures: content.flatMap((part) => (part.type === 'image' ? [part.mimeType] : [])),
    }
  }

  /** End the session, so that the server keeps nothing of it, and the connection. @throws Error where the server refuses; TimeoutError where it does not answer. */
  async close(): Promise<void> {
    try {
      await unlessAborted(this.transport.terminateSession(), AbortSignal.timeout(CLOSE_MS))
    } finally {
      await this.client.close()
    }
  }
}

/** A signal for one request: the SDK listens to it and never stops, and the given one lives through all rules. */
function until(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal: AbortSignal.any([signal]) }
}
