import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import type { McpTool, ToolRequest } from './mcp-tool.js'

/** Which images the session holds. */
export class ListImagesTool implements McpTool {
  readonly description: Tool = {
    name: 'list_images',
    title: 'List the images',
    description: 'List the images of this session: index, full size, and where each came from.',
    inputSchema: { type: 'object', properties: {} },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }

  async run({ session }: ToolRequest): Promise<CallToolResult> {
    const lines = session.images.map(
      ({ index, image: { width, height }, origin }) =>
        `Image ${index}: ${width} × ${height} pixels, ${oneLine(origin)}`,
    )
    const text = lines.length === 0 ? 'No image is open.' : lines.join('\n')
    return { content: [{ type: 'text', text }] }
  }
}

/** A description is the model's own text. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
