import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const InstallationMarker = z.object({
  schema: z.literal(1),
  /** SHA-256 of the lock file. */
  lock: z.string(),
  /** The interpreter; size and time tell when another one has taken its place. */
  python: z.object({
    path: z.string(),
    version: z.string(),
    basePrefix: z.string(),
    size: z.number(),
    modifiedMs: z.number(),
  }),
  /** Version of each package by its name. */
  versions: z.record(z.string(), z.string()),
})

/** What a folder of packages was installed from, and for which interpreter. It is written last: a folder without it is not finished. */
export type InstallationMarker = z.infer<typeof InstallationMarker>

const FILE = 'environment.json'

/** The marker of a folder; null where there is none that can be read. */
export async function readInstallationMarker(folder: string): Promise<InstallationMarker | null> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return InstallationMarker.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

export async function writeInstallationMarker({
  folder,
  marker,
}: {
  folder: string
  marker: InstallationMarker
}): Promise<void> {
  await writeFile(join(folder, FILE), `${JSON.stringify(marker, null, 2)}\n`)
}

/** Whether the interpreter of a marker is still the one that it was. */
export async function isSameInterpreter({ python }: InstallationMarker): Promise<boolean> {
  const now = await stat(python.path).catch(() => null)
  return now !== null && now.size === python.size && now.mtimeMs === python.modifiedMs
}
