import { readFile } from 'node:fs/promises'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { UsageError } from '../core/errors.js'
import type { ToolDescription } from '../core/policy.js'

const description = z.object({
  name: z.string().min(1),
  description: z.string(),
  parameters: z.looseObject({
    type: z.literal('object'),
    properties: z.looseObject({ code: z.looseObject({}) }),
  }),
})
const wrapped = z.object({ type: z.literal('function'), function: description })
const recipe = z.object({ tools: z.array(z.object({ tool_schema: wrapped })).length(1) })

/**
 * Read a system prompt from a text file.
 * @throws {UsageError} if the file is missing, empty or not UTF-8.
 */
export async function loadSystemPrompt({ path }: { path: string }): Promise<string> {
  return readText({ path, what: 'a system prompt (UTF-8 text)' })
}

/**
 * Read a tool description from a JSON or YAML file: `{name, description, parameters}`, the same inside `{type: function, function}`, or
 * a recipe's `{tools: [{tool_schema}]}` with one tool.
 * @throws {UsageError} if the file is missing, empty, not UTF-8, neither JSON nor YAML, or of another shape.
 */
export async function loadToolDescription({ path }: { path: string }): Promise<ToolDescription> {
  const text = await readText({ path, what: 'a tool description (JSON or YAML)' })
  const value = readYaml({ text, path })
  const asRecipe = recipe.safeParse(value)
  if (asRecipe.success) return asRecipe.data.tools[0]?.tool_schema.function ?? refuseShape({ path })
  const asFunction = wrapped.safeParse(value)
  if (asFunction.success) return asFunction.data.function
  const plain = description.safeParse(value)
  return plain.success ? plain.data : refuseShape({ path, error: plain.error })
}

async function readText({ path, what }: { path: string; what: string }): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`Cannot read ${path}: expected ${what}. Check the path in the configuration.`, {
      cause,
    })
  })
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new UsageError(`${path} is not UTF-8: expected ${what}. Save it as UTF-8.`, { cause })
  }
  if (text.trim() === '') throw new UsageError(`${path} is empty: expected ${what}.`)
  return text
}

function readYaml({ text, path }: { text: string; path: string }): unknown {
  try {
    // JSON is a subset of YAML.
    return parseYaml(text) as unknown
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError(`${path} is neither JSON nor YAML: ${why}`, { cause })
  }
}

function refuseShape({ path, error }: { path: string; error?: z.ZodError }): never {
  const issues = (error?.issues ?? []).map(({ path: at, message }) => `${at.join('.') || 'file'}: ${message}`)
  throw new UsageError(
    `${path} is no tool description: expected name, description and parameters (a JSON schema of type object with a property "code"), ` +
      `got something else${issues.length > 0 ? ` (${issues.join('; ')})` : ''}.`,
    { cause: error },
  )
}
