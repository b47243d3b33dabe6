import type { Finding } from './finding.js'

/** A line for a reader: where, what, expected, got. */
export function describeFinding({ check, where, what, expected, got }: Finding): string {
  return `${where}: ${check}: ${what}: expected ${expected}, got ${got}`.replace(/\s*\n\s*/g, ' ')
}
