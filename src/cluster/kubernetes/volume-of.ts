import { isWithin } from './is-within.js'

/** The claim that a path is on, the innermost where their folders hold each other; null where there is none. */
export function volumeOf(path: string, volumes: Readonly<Record<string, string>>): string | null {
  const holding = Object.entries(volumes).filter(([, folder]) => isWithin(folder, path))
  const [innermost] = holding.toSorted(([, a], [, b]) => b.length - a.length)
  return innermost?.[0] ?? null
}
