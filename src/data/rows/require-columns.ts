import { UsageError } from '../../core/errors.js'

/** @throws UsageError with the columns that are missing, those that are expected and those that came. */
export function requireColumns({
  path,
  required,
  found,
  schema,
}: {
  path: string
  required: readonly string[]
  found: ReadonlySet<string>
  /** Name of the schema, for the message. */
  schema: string
}): void {
  const missing = required.filter((name) => !found.has(name))
  if (missing.length === 0) return
  throw new UsageError(
    `${path}: missing ${missing.map((name) => `column \`${name}\``).join(', ')}; expected the ${schema} schema (${required.join(', ')}), got ${[...found].join(', ')}`,
  )
}
