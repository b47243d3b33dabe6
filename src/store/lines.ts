import { appendFile, readFile } from 'node:fs/promises'
import { errorCode } from '../core/error-code.js'
import { StoreError } from '../core/errors.js'

/**
 * Add a line to a small JSON Lines file. It begins with a line break, so that half a line of a killed process never swallows it.
 * @throws StoreError with its cause
 */
export async function appendLine({ path, value }: { path: string; value: unknown }): Promise<void> {
  try {
    await appendFile(path, `\n${JSON.stringify(value)}`)
  } catch (cause) {
    throw new StoreError(
      `${path} could not be written: ${String(cause)}; free space or permissions, then resume the run`,
      { cause },
    )
  }
}

/**
 * The values of a file that {@link appendLine} wrote; half a line of a killed process is left out.
 * @throws StoreError where there is a file that cannot be read
 */
export async function readLines(path: string): Promise<unknown[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return []
    throw new StoreError(`${path} could not be read: ${String(cause)}`, { cause })
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown]
    } catch {
      return [] // empty, or cut off
    }
  })
}
