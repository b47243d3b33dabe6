import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { ImageError, UsageError } from '../../core/errors.js'
import type { TaskImage } from '../../core/task.js'
import type { Transform } from '../../core/transform.js'
import type { ImageCell } from '../layouts/cells.js'
import { downloadedDatasets } from '../hub/downloaded-datasets.js'
import { transformImage } from '../transforms/transform-image.js'

/** An image of a row as its file holds it. */
export interface SourceImage {
  bytes: Buffer
  sha256: string
  /** Its file, where it does not stand in the row. */
  path: string | null
  /** Read it again: rows that wait for their turn do not hold their images. */
  read(): Promise<Buffer>
}

/** @throws UsageError naming the row when the file is missing or empty. */
export async function sourceImage({
  cell,
  file,
  where,
}: {
  cell: ImageCell
  /** The data file: paths are relative to its folder. */
  file: string
  where: string
}): Promise<SourceImage> {
  const { bytes: given } = cell
  if (given) {
    const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
    return { bytes, sha256: sha256(bytes), path: null, read: () => Promise.resolve(bytes) }
  }
  const path = pathOf({ cell, file, where })
  const read = async (): Promise<Buffer> => {
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new UsageError(`${where}: expected an image file at ${path}; ${String(cause)}`, { cause })
    })
    if (bytes.length === 0)
      throw new UsageError(`${where}: expected an image file, got an empty file at ${path}`)
    return bytes
  }
  const bytes = await read()
  return { bytes, sha256: sha256(bytes), path, read }
}

/** Longer than any path: an image itself, whose form was not told. */
const LONGEST_PATH = 4_096

function pathOf({ cell, file, where }: { cell: ImageCell; file: string; where: string }): string {
  const { path = '' } = cell
  if ((path ?? '').length > LONGEST_PATH)
    throw new UsageError(
      `${where}: expected an image file's path, or its bytes as \`data:image/png;base64,…\`, got a text of ${path?.length} characters that begins with "${path?.slice(0, 40)}"`,
    )
  const place = resolve(dirname(file), path ?? '')
  // What somebody else has written must not have this machine's own pictures sent to a model's server.
  const downloaded = downloadedDatasets()
  if (isWithin(file, downloaded) && !isWithin(place, downloaded))
    throw new UsageError(
      `${where}: expected an image file of the downloaded data set, got ${place}, outside of it`,
    )
  return place
}

function isWithin(path: string, folder: string): boolean {
  return path.startsWith(folder + sep)
}

/** The image as the model is given it: transformed when it is read, without loss. */
export function taskImage({
  source,
  apply,
  where,
}: {
  source: SourceImage
  apply: Transform
  where: string
}): { image: TaskImage; identity: string } {
  if (apply === 'none')
    return { image: { sha256: source.sha256, read: source.read }, identity: source.sha256 }
  // Another version of the encoder may write other bytes for the same pixels: identity is the source and what is done to it.
  const identity = `${source.sha256} ${apply}`
  const read = async (): Promise<Buffer> =>
    transformImage({ bytes: await source.read(), transform: apply }).catch((cause: unknown) => {
      throw new ImageError(`${where}: ${cause instanceof UsageError ? cause.message : String(cause)}`, {
        cause,
      })
    })
  return { image: { sha256: sha256(Buffer.from(identity)), read }, identity }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
