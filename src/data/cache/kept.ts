import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { cacheDirectory } from '../../config/cache-directory.js'
import { errorCode } from '../../core/error-code.js'

/** What is derived from data files and can be derived again: checksums, places of rows, plans. */
export type KeptKind = 'checksums' | 'places' | 'plans'

/** What was kept under a key; null where there is nothing that can be used: whatever is damaged or of another layout is derived again. */
export async function readKept<Schema extends z.ZodType>({
  kind,
  key,
  schema,
}: {
  kind: KeptKind
  key: string
  schema: Schema
}): Promise<z.output<Schema> | null> {
  let text: string
  try {
    text = await readFile(pathOf({ kind, key }), 'utf8')
  } catch (cause) {
    if (errorCode(cause) === null) throw cause
    return null
  }
  const result = schema.safeParse(jsonOf(text))
  return result.success ? result.data : null
}

/** Keep something; a file appears whole or not at all. A cache that cannot be written (read-only, full) makes the next start slower and nothing else. */
export async function writeKept({
  kind,
  key,
  value,
}: {
  kind: KeptKind
  key: string
  value: unknown
}): Promise<void> {
  const path = pathOf({ kind, key })
  const partial = `${path}.${randomUUID()}.partial`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(partial, JSON.stringify(value), { flag: 'wx' })
    await rename(partial, path)
  } catch (cause) {
    passSystemError(cause)
    await rm(partial, { force: true }).catch(passSystemError)
  }
}

/** @throws everything that is not the system's. */
function passSystemError(cause: unknown): void {
  if (errorCode(cause) === null) throw cause
}

function pathOf({ kind, key }: { kind: KeptKind; key: string }): string {
  const name = createHash('sha256').update(key).digest('hex')
  return join(cacheDirectory(), 'data', kind, `${name}.json`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}
