import { resolve } from 'node:path'
import { z } from 'zod'
import { DataError } from '../../../core/errors.js'
import type { Role } from '../../../core/message.js'
import type { ToolDescription } from '../../../core/policy.js'
import type { Conversation, ConversationMessage } from '../conversation.js'
import { countImages, unmarkedParts } from '../markers.js'
import type { DatasetAttributes } from './dataset-attributes.js'
import { functionTurn } from './function-turn.js'
import { BETWEEN_RESULTS } from './to-sharegpt.js'

/** Other names of who speaks, where the file does not say which it has. */
const OTHER_NAMES = new Map<string, Role>([
  ['observation', 'tool'],
  ['tool', 'tool'],
])

const toolList = z.array(
  z
    .union([z.object({ type: z.literal('function'), function: z.unknown() }), z.unknown()])
    .transform((given) => (isWrapped(given) ? given.function : given))
    .pipe(
      z.looseObject({
        name: z.string(),
        description: z.string(),
        parameters: z.record(z.string(), z.unknown()),
      }),
    ),
)

/**
 * A row of a file in sharegpt's form as a conversation. Calls of a `function_call` turn become text, as in a turn of the model.
 * @throws DataError for a row that is none; what trainers refuse besides is not looked at here (see `checkRow`).
 */
export function fromSharegpt({
  row,
  attributes: { columns, tags },
  folder,
  where,
  index,
}: {
  row: Readonly<Record<string, unknown>>
  attributes: DatasetAttributes
  /** Image paths are relative to it. */
  folder: string
  /** For messages: file and row. */
  where: string
  /** Of the row, from 0: its name where it has none. */
  index: number
}): Conversation {
  const column = <Value>(name: string | null, schema: z.ZodType<Value>): Value | null => {
    const value = name === null ? null : (row[name] ?? null)
    if (value === null) return null
    const result = schema.safeParse(value)
    if (result.success) return result.data
    throw new DataError(
      `${where}, column \`${name}\`: ${z.prettifyError(result.error).replace(/\s*\n\s*/g, ' ')}`,
    )
  }
  const turn = z.looseObject({ [tags.role]: z.string(), [tags.content]: z.string() })
  const turns = column(columns.messages, z.array(turn).min(1, 'expected messages, got none')) ?? []
  if (turns.length === 0) throw new DataError(`${where}: expected a column \`${columns.messages}\`, got none`)
  const images =
    column(columns.images, z.union([z.string().transform((one) => [one]), z.array(z.string())])) ?? []
  const system = column(columns.system, z.string()) ?? ''
  const tools = column(columns.tools, z.string()) ?? ''

  const roleOf = (name: string): Role => {
    const known = Object.entries(ROLES).find(([tag]) => tags[tag as keyof typeof ROLES] === name)?.[1]
    const role = known ?? OTHER_NAMES.get(name)
    if (role !== undefined) return role
    throw new DataError(`${where}: expected ${namesOf(tags)} to speak, got "${name}"`)
  }
  const messages: ConversationMessage[] = []
  let shown = 0
  const add = (role: Role, text: string): void => {
    messages.push({ role, content: unmarkedParts({ text, firstImage: shown }) })
    shown += countImages(text)
  }
  for (const given of turns) {
    const from = String(given[tags.role])
    const value = String(given[tags.content])
    const role = roleOf(from)
    // Nobody looks for images in the system prompt.
    if (role === 'system') messages.push({ role, content: [{ type: 'text', text: value }] })
    else if (role === 'tool') for (const result of value.split(BETWEEN_RESULTS)) add(role, result)
    else add(role, from === tags.function ? functionTurn({ text: value, where }) : value)
  }
  if (shown !== images.length)
    throw new DataError(
      `${where}: expected an image for each of ${shown} <image>, got ${images.length} images`,
    )
  if (system !== '' && messages[0]?.role !== 'system')
    messages.unshift({ role: 'system', content: [{ type: 'text', text: system }] })
  return {
    id: typeof row.id === 'string' ? row.id : String(index),
    messages,
    images: images.map((path) => resolve(folder, path)),
    tools: tools === '' ? null : toolsOf({ text: tools, where }),
    task: null,
    curation: null,
  }
}

const ROLES = {
  user: 'user',
  assistant: 'assistant',
  observation: 'tool',
  function: 'assistant',
  system: 'system',
} as const

function namesOf(tags: DatasetAttributes['tags']): string {
  return Object.keys(ROLES)
    .map((tag) => tags[tag as keyof typeof ROLES])
    .filter((name) => name !== null)
    .join(', ')
}

function toolsOf({ text, where }: { text: string; where: string }): ToolDescription[] {
  try {
    return toolList.parse(JSON.parse(text))
  } catch (cause) {
    throw new DataError(
      `${where}, column \`tools\`: expected a JSON list of tools, got ${text.slice(0, 80)}`,
      { cause },
    )
  }
}

function isWrapped(given: unknown): given is { function: unknown } {
  return typeof given === 'object' && given !== null && 'function' in given
}
