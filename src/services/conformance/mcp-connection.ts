import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js'

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

  private constructor(client: Client) {
    this.client = client
  }

  /** @throws Error where the server does not answer as one. */
  static async open({ url, token }: { url: string; token?: string | undefined }): Promise<McpConnection> {
    const client = new Client({ name: 'codevision-conformance', version: '1' })
    const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }) }
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } })
    // The SDK's own types disagree about absent fields.
    await client.connect(transport as Parameters<Client['connect']>[0])
    return new McpConnection(client)
  }

  /** Names of the tools, each with the names of what it takes. */
  async tools(): Promise<Map<string, string[]>> {
    const { tools } = await this.client.listTools()
    return new Map(
      tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {})] as const),
    )
  }

  /** @throws McpError for an error of the protocol. */
  async call(name: string, given: Record<string, unknown> = {}): Promise<ToolAnswer> {
    const answer = CallToolResultSchema.parse(await this.client.callTool({ name, arguments: given }))
    const { content, isError = false } = answer
    return {
      isError,
      text: content.map((part) => (part.type === 'text' ? part.text : '')).join('\n'),
      pictures: content.flatMap((part) => (part.type === 'image' ? [part.mimeType] : [])),
    }
  }

  async close(): Promise<void> {
    await this.client.close()
  }
}
