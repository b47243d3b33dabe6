import { z } from 'zod'
import {
  DEFAULT_TOOL_TIMEOUT_MS,
  toolLimits,
  toolName,
  toolParameters,
  toolResult,
} from '../../config/tool-schema.js'
import { explainIssues } from '../../config/explain-issues.js'
import { UsageError } from '../../core/errors.js'
import type { HostTool, HostTools, ToolLimits, ToolParameter, ToolResult } from '../../core/host-tool.js'

/** A tool with every default filled in. */
export interface CheckedTool {
  readonly name: string
  readonly description: string
  readonly parameters: Readonly<Record<string, ToolParameter>>
  readonly result: ToolResult
  readonly limits: ToolLimits
  readonly tool: HostTool
}

const schema = z.record(
  toolName,
  z.object({
    description: z.string().max(1_000).default(''),
    parameters: toolParameters,
    result: toolResult,
    limits: z
      .strictObject({
        ...toolLimits,
        timeoutMs: z.number().positive().max(3_600_000).default(DEFAULT_TOOL_TIMEOUT_MS),
      })
      .prefault({}),
    call: z.custom<HostTool['call']>((value) => typeof value === 'function', 'expected a function'),
  }),
)

/** @throws UsageError naming each part of a tool that cannot be used, what was expected and what came. */
export function checkTools(tools: HostTools): CheckedTool[] {
  const result = schema.safeParse(tools, { reportInput: true })
  if (!result.success) {
    const problems = explainIssues({ error: result.error, schema, where: () => 'Tools of the sandbox' })
    throw new UsageError(problems.join('\n'))
  }
  return Object.entries(result.data).flatMap(([name, { description, parameters, result: type, limits }]) => {
    const tool = tools[name]
    return tool === undefined ? [] : [{ name, description, parameters, result: type, limits, tool }]
  })
}
