import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { StoreError } from '../core/errors.js'

/** Version of the layout of a run folder; older ones stay readable. */
export const SCHEMA_VERSION = 1

export const MANIFEST_FILE = 'manifest.json'

const json = z.json()

const manifestSchema = z.object({
  schemaVersion: z.number().int().min(1),
  /** ISO time. */
  createdAt: z.string(),
  /** Everything that decides what a sample is and how it is scored: a resumed run must have the same. */
  identity: z.record(z.string(), json),
  /** The whole resolved configuration, settings that do not change results included. */
  config: z.record(z.string(), json),
  /** Versions of packages, Python and sandbox, git revision: for the reader, may differ when a run is resumed elsewhere. */
  environment: z.record(z.string(), json),
})

/** What a run was made with. */
export type Manifest = z.infer<typeof manifestSchema>
export type NewManifest = Omit<Manifest, 'schemaVersion' | 'createdAt'>
export type Json = z.infer<typeof json>

/**
 * @throws StoreError when the file is not there, damaged, or of a later version of this program.
 */
export async function readManifest(path: string): Promise<Manifest> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new StoreError(`${path}: expected the manifest of a run; ${String(cause)}`, { cause })
  }
  const version = z.object({ schemaVersion: z.number() }).safeParse(value).data?.schemaVersion
  if (version !== undefined && version > SCHEMA_VERSION) {
    throw new StoreError(
      `${path}: this run has layout version ${version}, this program reads up to ${SCHEMA_VERSION}; install a newer version of codevision`,
    )
  }
  const result = manifestSchema.safeParse(value)
  if (result.success) return result.data
  throw new StoreError(`${path}: expected the manifest of a run, got ${z.prettifyError(result.error)}`)
}
