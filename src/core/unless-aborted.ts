/**
 * What a promise comes to, unless the signal fires first; then nobody waits for it any more, and it may fail unheard.
 * @param errorOf what is thrown then
 * @throws the reason of the signal (or `errorOf` it), at once where it has fired already; what the promise throws.
 */
export async function unlessAborted<T>(
  value: Promise<T>,
  signal: AbortSignal | undefined,
  errorOf: (signal: AbortSignal) => Error = ({ reason }) => reason as Error,
): Promise<T> {
  if (signal === undefined) return value
  value.catch(() => undefined)
  let onAbort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(errorOf(signal))
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([aborted, value])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
