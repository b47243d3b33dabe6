import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js'
import type { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { ServiceError } from '../service-error.js'
import type { ImageSession } from './image-session.js'

export interface ToolRequest {
  /** What the client sent as arguments. */
  given: unknown
  session: ImageSession
  /** Aborted when the client cancels the request, or is gone. */
  signal: AbortSignal
}

/** One tool of the server. */
export interface McpTool {
  /** As clients are told of it. */
  readonly description: Tool
  /** @throws what `toolProblem` reads. */
  run(request: ToolRequest): Promise<CallToolResult>
}

/** The arguments of a tool, checked. @throws ServiceError (400) that names each wrong value. */
export function readArguments<T extends z.ZodType>({
  tool,
  schema,
  given = {},
}: {
  tool: string
  schema: T
  given: unknown
}): z.infer<T> {
  const read = schema.safeParse(given, { reportInput: true })
  if (read.success) return read.data
  const problems = explainIssues({ error: read.error, schema, where: () => tool })
  throw new ServiceError({
    status: 400,
    code: 'bad_arguments',
    message: `${problems.slice(0, 10).join('; ')}.`,
    hint: 'Call it again with that put right.',
  })
}
