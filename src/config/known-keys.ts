import { z } from 'zod'

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  additionalProperties?: JsonSchema | boolean
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  enum?: unknown[]
  const?: unknown
}

/** Names that an object at `path` of a schema may have; of a union, those of every branch. */
export function knownKeys({ schema, path }: Place): string[] {
  return [...new Set(nodesAt({ schema, path }).flatMap((node) => Object.keys(node.properties ?? {})))]
}

/** Texts that a value at `path` of a schema may be, where it may only be one of a few; of a union, those of every branch. */
export function knownValues({ schema, path }: Place): string[] {
  const values = nodesAt({ schema, path }).flatMap((node) => [...(node.enum ?? []), node.const])
  return [...new Set(values.filter((value) => typeof value === 'string'))]
}

interface Place {
  schema: z.ZodType
  path: readonly PropertyKey[]
}

/** What a schema says of a place: all branches of its unions. */
function nodesAt({ schema, path }: Place): JsonSchema[] {
  let level = branches(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
  for (const step of path) {
    level = level.flatMap((node) => {
      const next = typeof step === 'number' ? node.items : node.properties?.[String(step)]
      if (next !== undefined) return branches(next)
      return typeof node.additionalProperties === 'object' ? branches(node.additionalProperties) : []
    })
  }
  return level
}

function branches(node: JsonSchema): JsonSchema[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return [node, ...inner.flatMap(branches)]
}
