import { open, stat } from 'node:fs/promises'
import type { AsyncBuffer } from 'hyparquet'

/** Most that one call of the system reads. */
const READ_BYTES = 2 ** 30

/** A file for the parquet reader. Each part is read straight into the buffer that is handed over: the library's own reader holds it twice, in pieces and as a whole. */
export async function parquetBuffer(path: string): Promise<AsyncBuffer> {
  const { size } = await stat(path)
  return {
    byteLength: size,
    async slice(start, end = size) {
      const length = Math.max(0, Math.min(end, size) - start)
      const bytes = new Uint8Array(length)
      const handle = await open(path, 'r')
      try {
        let filled = 0
        while (filled < length) {
          const wanted = Math.min(READ_BYTES, length - filled)
          const { bytesRead } = await handle.read(bytes, filled, wanted, start + filled)
          if (bytesRead === 0)
            throw new RangeError(`${path} ends at ${start + filled}, expected ${end} bytes`)
          filled += bytesRead
        }
      } finally {
        await handle.close()
      }
      return bytes.buffer
    },
  }
}
