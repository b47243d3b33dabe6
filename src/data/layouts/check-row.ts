import type { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { UsageError } from '../../core/errors.js'
import type { RawRow } from '../rows/row-file.js'

/** @throws UsageError with a line for each wrong cell: file, row, column, what was expected and what came. */
export function checkRow<Schema extends z.ZodType>({
  schema,
  raw,
}: {
  schema: Schema
  raw: RawRow
}): z.output<Schema> {
  const result = schema.safeParse(raw.row, { reportInput: true })
  if (result.success) return result.data
  const where = (): string => `${raw.where}, column`
  throw new UsageError(
    explainIssues({ error: result.error, schema, where })
      .map((line) => line.replace(', column: ', ', column '))
      .join('\n'),
  )
}
