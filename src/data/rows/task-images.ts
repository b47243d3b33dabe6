import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { UsageError } from '../../core/errors.js'
import type { TaskImage } from '../../core/task.js'
import type { Transform } from '../../core/transform.js'
import { transformImage } from '../transform-image.js'
import type { ImageCell } from './mvtoolbench-row.js'

/**
 * An image of a row, and what identifies it. `apply` is a transformation that is still to be applied.
 * @throws UsageError naming the row when the file is missing, empty or (where it must be transformed) no image.
 */
export async function taskImage({
  cell,
  file,
  where,
  apply = 'none',
}: {
  cell: ImageCell
  /** The data file: paths are relative to its folder. */
  file: string
  where: string
  apply?: Transform
}): Promise<{ image: TaskImage; identity: string }> {
  const read = (): Promise<Buffer> => bytesOf({ cell, file, where })
  const given = await read()
  if (apply === 'none') {
    const identity = sha256(given)
    return { image: { sha256: identity, read }, identity }
  }
  const transformed = async (): Promise<Buffer> => transformImage({ bytes: await read(), transform: apply })
  const bytes = await transformed().catch((cause: unknown) => {
    throw new UsageError(`${where}: ${cause instanceof UsageError ? cause.message : String(cause)}`, {
      cause,
    })
  })
  // Another version of the encoder may write other bytes for the same pixels: identity is the source and what is done to it.
  return { image: { sha256: sha256(bytes), read: transformed }, identity: `${sha256(given)} ${apply}` }
}

async function bytesOf({
  cell,
  file,
  where,
}: {
  cell: ImageCell
  file: string
  where: string
}): Promise<Buffer> {
  if (cell.bytes) return Buffer.from(cell.bytes.buffer, cell.bytes.byteOffset, cell.bytes.byteLength)
  const path = resolve(dirname(file), cell.path ?? '')
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`${where}: expected an image file at ${path}; ${String(cause)}`, { cause })
  })
  if (bytes.length === 0)
    throw new UsageError(`${where}: expected an image file, got an empty file at ${path}`)
  return bytes
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
