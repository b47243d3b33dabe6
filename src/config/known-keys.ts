import { z } from 'zod'

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  additionalProperties?: JsonSchema | boolean
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
}

/** Names that an object at `path` of a schema may have; of a union, those of every branch. */
export function knownKeys({ schema, path }: { schema: z.ZodType; path: readonly PropertyKey[] }): string[] {
  let level = branches(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
  for (const step of path) {
    level = level.flatMap((node) => {
      const next = typeof step === 'number' ? node.items : node.properties?.[String(step)]
      if (next !== undefined) return branches(next)
      return typeof node.additionalProperties === 'object' ? branches(node.additionalProperties) : []
    })
  }
  return [...new Set(level.flatMap((node) => Object.keys(node.properties ?? {})))]
}

function branches(node: JsonSchema): JsonSchema[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return [node, ...inner.flatMap(branches)]
}
