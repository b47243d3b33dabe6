import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  type CallToolResult,
} from '@modelcontextprotocol/sdk/types.js'
import type { Logger } from 'pino'
import type { ImageSession } from './image-session.js'
import type { McpTool } from './mcp-tool.js'
import { ProtocolError, toolProblem } from './protocol-error.js'
import { tellProgress } from './tell-progress.js'

export interface McpServerParameters {
  tools: readonly McpTool[]
  session: ImageSession
  /** Of this package. */
  version: string
  logger: Logger
}

const INSTRUCTIONS =
  'Look closely at images by writing Python over them. Open an image with open_image, then call code_image_tool: crop what is small, enlarge it, turn or mirror what does not stand upright, raise ' +
  'the contrast. Each result is shown and becomes the next image, which later code can name by its index; nothing else is kept from one call to the next. What you see may be a reduced copy, code gets ' +
  'the image in full resolution. When code fails, the error and its line come back: correct the code and call again.'

/**
 * The server of one connection. What a call's code or arguments did wrong is a result with `isError`; a tool that there is not, and what the machine did wrong, are
 * errors of the protocol. A request that the client cancels ends the code that runs for it.
 */
export function createMcpServer({ tools, session, version, logger }: McpServerParameters): Server {
  const byName = new Map(tools.map((tool) => [tool.description.name, tool]))
  const server = new Server(
    { name: 'codevision', title: 'CodeVision', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  )
  server.onerror = (error) => logger.warn({ err: error }, 'mcp')
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: tools.map(({ description }) => description),
  }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra): Promise<CallToolResult> => {
    const tool = byName.get(params.name)
    if (tool === undefined)
      throw new ProtocolError({
        code: ErrorCode.InvalidParams,
        message: `There is no tool ${params.name.slice(0, 100)}; there are ${[...byName.keys()].join(', ')}.`,
      })
    const { signal, _meta: meta, sendNotification: send } = extra
    const token = meta?.progressToken
    const started = performance.now()
    try {
      const result = await tellProgress({
        listener: token === undefined ? null : { token, send },
        action: async () => tool.run({ given: params.arguments, session, signal }),
      })
      logger.info({ tool: params.name, isError: result.isError === true, ms: since(started) }, 'call')
      return result
    } catch (error) {
      // Nobody waits for the answer any more.
      if (signal.aborted) {
        logger.info({ tool: params.name, cancelled: true, ms: since(started) }, 'call')
        throw error
      }
      const problem = toolProblem(error)
      if (typeof problem !== 'string') {
        logger.error({ tool: params.name, err: error }, 'call')
        throw problem
      }
      logger.info({ tool: params.name, isError: true, ms: since(started) }, 'call')
      return { content: [{ type: 'text', text: problem }], isError: true }
    }
  })
  return server
}

function since(started: number): number {
  return Math.round(performance.now() - started)
}
