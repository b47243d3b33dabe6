import { stringify } from 'yaml'
import type { ToolDescription } from '../../core/policy.js'

/** What verl's schema of a parameter has room for. */
const KEPT = ['type', 'description', 'enum'] as const

/** The YAML that verl's `tool_config_path` names: class, address of the service, and what the model is told of the tool. */
export function verlToolFile({ tool, url }: { tool: ToolDescription; url: string }): string {
  const { name, description, parameters } = tool
  const { type, properties, required } = parameters as {
    type: string
    properties: Record<string, Record<string, unknown>>
    required: string[]
  }
  const kept = Object.entries(properties).map(([parameter, schema]) => [
    parameter,
    Object.fromEntries(KEPT.flatMap((field) => (field in schema ? [[field, schema[field]]] : []))),
  ])
  return stringify(
    {
      tools: [
        {
          class_name: 'codevision_env.verl_tool.CodeImageTool',
          config: { type: 'native', url },
          tool_schema: {
            type: 'function',
            function: {
              ...{ name, description },
              parameters: { type, properties: Object.fromEntries(kept) as object, required },
            },
          },
        },
      ],
    },
    { lineWidth: 0 },
  )
}
