import type { Json } from './manifest.js'

/**
 * Where two JSON values differ, one line each: `limits.turns: 12 in the run, 8 now`, or with other words for the two.
 * @param parameters.newer paths that older versions did not record: compared where both values have them
 */
export function differences({
  recorded,
  now,
  path = '',
  words = ['in the run', 'now'],
  newer = [],
}: {
  recorded: Json | undefined
  now: Json | undefined
  path?: string
  words?: readonly [recorded: string, now: string]
  newer?: readonly string[]
}): string[] {
  if (isObject(recorded) && isObject(now)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(now)])].sort()
    return names.flatMap((name) =>
      differences({
        recorded: recorded[name],
        now: now[name],
        path: path === '' ? name : `${path}.${name}`,
        words,
        newer,
      }),
    )
  }
  if (newer.includes(path) && (recorded === undefined || now === undefined)) return []
  const [before, after] = [shown(recorded), shown(now)]
  return before === after ? [] : [`${path}: ${before} ${words[0]}, ${after} ${words[1]}`]
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
