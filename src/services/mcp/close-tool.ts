import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import type { McpTool, ToolRequest } from './mcp-tool.js'

/** Gives up all images; what is opened next is image 0 again. */
export class CloseTool implements McpTool {
  readonly description: Tool = {
    name: 'close',
    title: 'Give up the images',
    description:
      'Give up all images of this session when they are done. The next image that is opened is image 0.',
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  }

  async run({ session }: ToolRequest): Promise<CallToolResult> {
    const count = await session.release()
    const text =
      count === 0 ? 'No image was open.' : `${count} ${count === 1 ? 'image is' : 'images are'} given up.`
    return { content: [{ type: 'text', text }] }
  }
}
