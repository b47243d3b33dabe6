/** Say on stderr that a server is asked again, why, and when. */
export function tellRetry({ error, delayMs }: { error: Error; delayMs: number }): void {
  const [reason = ''] = error.message.split('\n')
  console.error(`${reason} Trying again in ${(delayMs / 1000).toFixed(1)} s.`)
}
