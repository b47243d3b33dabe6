import { open } from 'node:fs/promises'
import { UsageError } from '../../core/errors.js'
import type { RowPlace } from './row-places.js'

/** Bytes of the rows that are wanted, in the file's order; one row is held at a time. */
export async function* readPlaces({
  path,
  places,
  isWanted,
}: {
  path: string
  places: readonly RowPlace[]
  isWanted: (index: number) => boolean
}): AsyncGenerator<{ index: number; place: RowPlace; bytes: Buffer }> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new UsageError(`${path}: expected a file that can be read; ${String(cause)}`, { cause })
  })
  try {
    for (const [index, place] of places.entries()) {
      if (!isWanted(index)) continue
      const bytes = Buffer.allocUnsafeSlow(place.length)
      let filled = 0
      while (filled < place.length) {
        const { bytesRead } = await handle.read(bytes, filled, place.length - filled, place.offset + filled)
        if (bytesRead === 0)
          throw new UsageError(`${path} line ${place.line}: the file has become shorter while it was read`)
        filled += bytesRead
      }
      yield { index, place, bytes }
    }
  } finally {
    await handle.close()
  }
}
