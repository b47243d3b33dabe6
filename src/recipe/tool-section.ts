import type { ToolDescription } from '../core/policy.js'

const STRING = '\\{\\{-?\\s*"((?:[^"\\\\]|\\\\.)*)"\\s*-?\\}\\}'
/** Literal text, the loop that writes a line for each tool, literal text. */
const SECTION = new RegExp(
  `${STRING}\\s*\\{%-?\\s*for tool in tools\\s*-?%\\}[\\s\\S]*?tool\\s*\\|\\s*tojson[\\s\\S]*?\\{%-?\\s*endfor\\s*-?%\\}\\s*${STRING}`,
)
const END_OF_MESSAGE = '<|im_end|>'

/**
 * What a chat template of Qwen's kind puts behind the system prompt where there is a tool; null where the template is of another kind. The tool is written as verl hands it to the
 * template: of its parameters type, description and enum alone.
 */
export function toolSection({ template, tool }: { template: string; tool: ToolDescription }): string | null {
  const [, before, after] = SECTION.exec(template) ?? []
  if (before === undefined || after === undefined) return null
  const [closing = ''] = unescaped(after).split(END_OF_MESSAGE)
  return `${unescaped(before)}\n${asPython(verlTool(tool))}${closing}`
}

function unescaped(text: string): string {
  return JSON.parse(`"${text.replaceAll('\n', '\\n')}"`) as string
}

function verlTool({ name, description, parameters }: ToolDescription): unknown {
  const { type, properties, required } = parameters
  const told = Object.entries(isObject(properties) ? properties : {}).map(([key, property]) => {
    const { type: of, description: says, enum: options } = isObject(property) ? property : {}
    return [key, defined({ type: of, description: says, enum: options })]
  })
  return {
    type: 'function',
    function: {
      ...{ name, description },
      parameters: defined({ type, properties: Object.fromEntries(told) as unknown, required }),
    },
  }
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

/** As Jinja's `tojson` of transformers writes it: `", "` and `": "` between parts. */
function asPython(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asPython).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, part]) => `${JSON.stringify(key)}: ${asPython(part)}`)
    .join(', ')}}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
