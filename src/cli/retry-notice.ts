const AGAIN_AFTER_MS = 60_000

/**
 * Say on stderr that a server is asked again, why, and when. What is said again is counted and told once a minute: of a server that is gone, every request would say the same.
 */
export function createRetryNotice({
  now = () => performance.now(),
  write = (line: string) => console.error(line),
} = {}): (retry: { error: Error; delayMs: number }) => void {
  const told = new Map<string, { at: number; unsaid: number }>()
  return ({ error, delayMs }) => {
    const [reason = ''] = error.message.split('\n')
    // Ids of requests and other numbers do not make it another reason.
    const key = reason.replaceAll(/[\da-f-]*\d[\da-f-]*/gi, '#')
    const earlier = told.get(key)
    if (earlier !== undefined && now() - earlier.at < AGAIN_AFTER_MS) {
      earlier.unsaid++
      return
    }
    const unsaid = earlier?.unsaid ?? 0
    const count = unsaid === 0 ? '' : ` (${(unsaid + 1).toLocaleString('en')} times since this was said)`
    told.set(key, { at: now(), unsaid: 0 })
    write(`${reason} Trying again in ${(delayMs / 1000).toFixed(1)} s.${count}`)
  }
}
