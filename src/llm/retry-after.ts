import type { IncomingHttpHeaders } from 'node:http'

/**
 * Seconds that the server asks to wait: `retry-after-ms` (milliseconds), else `Retry-After` as seconds or as an HTTP date.
 * Undefined where it asks for nothing that can be read; a date in the past is 0.
 *
 * Source: RFC 9110, section 10.2.3.
 */
export function readRetryAfter({
  headers,
  now,
}: {
  headers: IncomingHttpHeaders
  /** Milliseconds since 1970. */
  now: number
}): number | undefined {
  const milliseconds = headers['retry-after-ms']
  if (typeof milliseconds === 'string' && isDecimal(milliseconds)) return Number(milliseconds) / 1000

  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return undefined
  if (isDecimal(value)) return Number(value)
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000)
}

function isDecimal(text: string): boolean {
  return /^\s*\d+(\.\d+)?\s*$/.test(text)
}
