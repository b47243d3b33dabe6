import { z } from 'zod'

/** What a template may name, in braces. A layout without one of them leaves it empty. */
export const PLACEHOLDERS = ['question', 'options', 'paragraph', 'conversation'] as const

export type Placeholder = (typeof PLACEHOLDERS)[number]

const template = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const wrong = namesIn(text).filter((name) => !(PLACEHOLDERS as readonly string[]).includes(name))
    if (wrong.length === 0) return
    const known = PLACEHOLDERS.map((name) => `{${name}}`).join(', ')
    context.addIssue({
      code: 'custom',
      input: text,
      message: `expected only the placeholders ${known}; ${wrong.map((name) => `{${name}}`).join(', ')} is none`,
    })
  })

/** One template for every row, or one by category, `default` for the others. */
export const promptTemplate = z.union([template, z.object({ default: template }).catchall(template)])

export type PromptTemplate = z.output<typeof promptTemplate>

/** A row's prompt. A line that comes down to nothing because what it names is empty is left out. */
export function fillPrompt({
  prompt,
  category,
  values,
}: {
  /** Null: the question as it is. */
  prompt: PromptTemplate | null
  category?: string | undefined
  values: Partial<Record<Placeholder, string>> & { question: string }
}): string {
  if (prompt === null) return values.question
  // A map, since an object has `constructor` and the like by itself.
  const chosen =
    typeof prompt === 'string'
      ? prompt
      : (new Map(Object.entries(prompt)).get(category ?? 'default') ?? prompt.default)
  const given = new Map<string, string>(Object.entries(values))
  return chosen
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      // One pass: what a value itself says in braces stays.
      const filled = line.replace(/\{(\w+)\}/g, (_, name: string) => given.get(name) ?? '')
      return filled.trim() === '' && line.trim() !== '' ? [] : [filled]
    })
    .join('\n')
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
}
