import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../../../config/make-folder.js'
import { errorCode } from '../../../core/error-code.js'
import { StoreError, UsageError } from '../../../core/errors.js'
import { differences } from '../../../store/differences.js'
import type { Json } from '../../../store/manifest.js'
import { writeAtomic } from '../../../store/write-atomic.js'

const FILE = 'began-with.json'

const record = z.object({ version: z.literal(1), beganWith: z.record(z.string(), z.json()) })

/**
 * Keep in the folder of a stage, or of a whole recipe, what it is made of when it begins, and hold that against it whenever it goes on.
 * @param parameters.values what decides about its result, plain values
 * @throws UsageError that lists what differs from how it began; StoreError when the record is damaged or cannot be written.
 */
export async function keepBeginning({ folder, values }: { folder: string; values: object }): Promise<void> {
  const path = join(folder, FILE)
  const now = JSON.parse(JSON.stringify(values)) as Record<string, Json>
  const recorded = await readRecord(path)
  if (recorded === null) {
    await makeFolder(folder)
    await writeAtomic({
      path,
      data: `${JSON.stringify({ version: 1, beganWith: now }, null, 2)}\n`,
      advice: 'free space or permissions, then give the command again',
    })
    return
  }
  const found = differences({ recorded, now, words: ['when it began', 'now'] })
  if (found.length === 0) return
  throw new UsageError(
    [
      `${folder} began with another configuration, so it cannot go on with this one:`,
      ...found.map((line) => `  ${line}`),
      'Go on with it as it was, choose another folder (--output), or remove this one to begin anew.',
    ].join('\n'),
  )
}

async function readRecord(path: string): Promise<Record<string, Json> | null> {
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8'))).beganWith
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null
    throw new StoreError(
      `${path}: expected the record of what this folder began with; ${String(cause)}; remove the folder to begin anew`,
      { cause },
    )
  }
}
