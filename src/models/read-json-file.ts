import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UsageError } from '../core/errors.js'

/** Read a JSON file of a checkpoint. @throws UsageError naming it when it is not there or not as expected. */
export async function readJsonFile<Schema extends z.ZodType>({
  path,
  schema,
}: {
  path: string
  schema: Schema
}): Promise<z.output<Schema>> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new UsageError(`${path}: expected a JSON file of a Hugging Face checkpoint; ${String(cause)}`, {
      cause,
    })
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new UsageError(`${path}: ${z.prettifyError(result.error)}`)
}
