import { stat } from 'node:fs/promises'
import { errorCode } from '../../core/error-code.js'

/** Where what has arrived of a file stands until it is whole. */
export function partialPath(path: string): string {
  return `${path}.partial`
}

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    (cause: unknown) => {
      if (errorCode(cause) === 'ENOENT') return 0
      throw cause
    },
  )
}
