/** What a stream of output is here. */
interface Output {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown
}

/**
 * Go on when nobody reads what is printed any more (`| head`), so that results are written and what was begun is cleaned up; of anything else that keeps output from being written, such as a full disk, tell once.
 * @param parameters.onError told why standard output could not be written
 */
export function outliveOutput({
  stdout,
  stderr,
  onError,
}: {
  stdout: Output
  stderr: Output
  onError: (message: string) => void
}): void {
  let isTold = false
  stdout.on('error', (error) => {
    if (error.code === 'EPIPE' || isTold) return
    isTold = true
    onError(`Standard output could not be written, so some of it is missing: ${error.message}`)
  })
  // Nowhere is left to tell of it.
  stderr.on('error', () => undefined)
}
