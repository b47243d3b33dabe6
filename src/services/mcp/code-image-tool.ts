import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { describeTools } from '../../agent/describe-tools.js'
import { executionFeedback } from '../../agent/feedback.js'
import { CODE_IMAGE_TOOL, TOOL_NAME } from '../../agent/tool-description.js'
import type { HostTools } from '../../core/host-tool.js'
import { readArguments, type McpTool, type ToolRequest } from './mcp-tool.js'
import { showImage, type ShownSize } from './show-image.js'

const codeArguments = z.object({
  code: z.string().regex(/\S/, { error: 'expected Python code' }),
  description: z.string().optional(),
  image_index: z.number().int().optional(),
})

/** The one tool of the paper's environment (section 2): Python over an image, and the image that it makes. */
export class CodeImageTool implements McpTool {
  readonly description: Tool
  private readonly size: ShownSize

  /** @param parameters.hostTools what code can call besides; the description ends with their forms */
  constructor({ size, hostTools }: { size: ShownSize; hostTools: HostTools }) {
    this.size = size
    this.description = describe(hostTools)
  }

  async run({ given, session, signal }: ToolRequest): Promise<CallToolResult> {
    const asked = readArguments({ tool: TOOL_NAME, schema: codeArguments, given })
    const { code, description, image_index: imageIndex = 0 } = asked
    const call = { code, imageIndex, ...(description !== undefined && { description }) }
    const { execution, picture } = await session.execute({
      call,
      show: async (shown, view) => showImage({ shown, view, size: this.size }),
      signal,
    })
    const missing =
      asked.image_index === undefined ? 'image_index was missing, so the code was given image 0.' : null
    if (picture === null) {
      const text = executionFeedback({ call, execution, note: missing, style: 'standard' })
      return { content: [{ type: 'text', text }], isError: true }
    }
    const { content, note } = picture
    const notes = [missing, note].filter((one) => one !== null)
    const told = notes.length === 0 ? null : notes.join(' ')
    const text = executionFeedback({ call, execution, note: told, style: 'standard' })
    return { content: [{ type: 'text', text }, content] }
  }
}

const { properties } = CODE_IMAGE_TOOL.parameters as { properties: Record<string, object> }

const DESCRIPTION: Tool = {
  name: TOOL_NAME,
  title: 'Run Python over an image',
  description: CODE_IMAGE_TOOL.description,
  inputSchema: {
    type: 'object',
    properties: {
      ...properties,
      image_index: {
        type: 'integer',
        minimum: 0,
        description:
          'Which image the code gets, counted from 0 in the order in which images were opened and made.',
      },
    },
    required: ['code', 'description', 'image_index'],
  },
  // The code reaches nothing but copies of the session's images.
  annotations: { readOnlyHint: true, openWorldHint: false },
}

function describe(hostTools: HostTools): Tool {
  if (Object.keys(hostTools).length === 0) return DESCRIPTION
  // What the operator's functions do is not known here, so nothing is promised of them.
  return {
    ...DESCRIPTION,
    description: CODE_IMAGE_TOOL.description + describeTools(hostTools),
    annotations: { openWorldHint: true },
  }
}
