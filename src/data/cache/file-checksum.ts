import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { areSameStamps, fileStamp, stampOf, type FileStamp } from './file-stamp.js'
import { readKept, writeKept } from './kept.js'

const entry = z.object({ path: z.string(), stamp: fileStamp, sha256: z.string().regex(/^[0-9a-f]{64}$/) })

const CHUNK_BYTES = 1 << 20

/** SHA-256 of a file; read once, and again only when size, times or inode of the file have changed. */
export async function fileChecksum(path: string): Promise<string> {
  const absolute = resolve(path)
  const { stamp, isSettled } = await stampOf(absolute)
  const kept = await readKept({ kind: 'checksums', key: absolute, schema: entry })
  if (kept !== null && kept.path === absolute && areSameStamps(kept.stamp, stamp)) return kept.sha256
  const hash = createHash('sha256')
  // A stream costs more than it takes to read a picture whole.
  if (stamp.size <= CHUNK_BYTES) hash.update(await readFile(absolute))
  else await pipeline(createReadStream(absolute, { highWaterMark: CHUNK_BYTES }), hash)
  const sha256 = hash.digest('hex')
  if (isSettled) await keepChecksum({ path: absolute, stamp, sha256 })
  return sha256
}

/** Keep a checksum that was found while the file was read or written for another reason; `stamp` is that of before the reading. */
export async function keepChecksum({
  path,
  stamp,
  sha256,
}: {
  path: string
  stamp: FileStamp
  sha256: string
}): Promise<void> {
  const absolute = resolve(path)
  await writeKept({ kind: 'checksums', key: absolute, value: { path: absolute, stamp, sha256 } })
}
