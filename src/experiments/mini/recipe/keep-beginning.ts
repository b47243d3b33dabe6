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

const recordSchema = z.object({
  version: z.literal(1),
  beganWith: z.record(z.string(), z.json()),
  /** Absent in older records. */
  inWords: z.record(z.string(), z.string()).default({}),
})
type BeginningRecord = z.infer<typeof recordSchema>

/**
 * Keep in the folder of a stage, or of a whole recipe, what it is made of when it begins, and hold that against it whenever it goes on. As long as nothing was made of it, another beginning takes its place.
 * @param parameters.values what decides about its result, plain values
 * @param parameters.inWords of those that tell a reader nothing, such as a hash, what stands for them in a message
 * @param parameters.isBegun whether something was made that another beginning would spoil
 * @returns whether it is the beginning that was kept before, or a new one
 * @throws UsageError that lists what differs from how it began, or says that something was made without a record of it; StoreError when the record is damaged or cannot be written.
 */
export async function keepBeginning({
  folder,
  values,
  inWords = {},
  isBegun,
}: {
  folder: string
  values: object
  inWords?: Readonly<Record<string, string>>
  isBegun: boolean
}): Promise<'same' | 'new'> {
  const path = join(folder, FILE)
  const now: BeginningRecord = {
    version: 1,
    beganWith: JSON.parse(JSON.stringify(values)) as Record<string, Json>,
    inWords,
  }
  const recorded = await readRecord(path)
  const found = recorded === null ? [] : changes({ recorded, now })
  if (recorded !== null && found.length === 0) return 'same'
  if (isBegun && recorded === null)
    throw new UsageError(
      `${folder} holds something that was begun without a record of what it began with (${FILE}), so nobody can tell whether it is the same; choose another folder (--output), or remove this one to begin anew`,
    )
  if (isBegun)
    throw new UsageError(
      [
        `${folder} began with another configuration, so it cannot go on with this one:`,
        ...found.map((line) => `  ${line}`),
        'Go on with it as it was, choose another folder (--output), or remove this one to begin anew.',
      ].join('\n'),
    )
  await makeFolder(folder)
  await writeAtomic({
    path,
    data: `${JSON.stringify(now, null, 2)}\n`,
    advice: 'free space or permissions, then give the command again',
  })
  return 'new'
}

/** A line for each value that differs. */
function changes({ recorded, now }: { recorded: BeginningRecord; now: BeginningRecord }): string[] {
  const names = [...new Set([...Object.keys(recorded.beganWith), ...Object.keys(now.beganWith)])].sort()
  return names.flatMap((name) => {
    const lines = differences({
      recorded: recorded.beganWith[name],
      now: now.beganWith[name],
      path: name,
      words: ['when it began', 'now'],
    })
    const [before, after] = [recorded.inWords[name], now.inWords[name]]
    if (lines.length === 0 || before === undefined || after === undefined) return lines
    return before === after
      ? [`${name}: ${after}, which has changed since`]
      : [`${name}: ${before} when it began, ${after} now`]
  })
}

async function readRecord(path: string): Promise<BeginningRecord | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null
    throw new StoreError(
      `${path}: expected the record of what this folder began with; ${String(cause)}; remove the folder to begin anew`,
      { cause },
    )
  }
}
