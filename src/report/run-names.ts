import { resolve, sep } from 'node:path'

/** Names of runs for a page that holds several: their folders' names, with as many folders above as tell them apart. */
export function runNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => resolve(path).split(sep).filter(Boolean))
  const longest = Math.max(1, ...parts.map(({ length }) => length))
  const named = (depth: number): string[] => parts.map((own) => own.slice(-depth).join('/'))
  for (let depth = 1; depth < longest; depth++) {
    const names = named(depth)
    if (new Set(names).size === names.length) return names
  }
  return named(longest)
}
