import type { Json } from './manifest.js'

/** Where two JSON values differ, one line each: `limits.turns: 12 in the run, 8 now`. */
export function differences({
  recorded,
  now,
  path = '',
}: {
  recorded: Json | undefined
  now: Json | undefined
  path?: string
}): string[] {
  if (isObject(recorded) && isObject(now)) {
    const names = [...new Set([...Object.keys(recorded), ...Object.keys(now)])].sort()
    return names.flatMap((name) =>
      differences({ recorded: recorded[name], now: now[name], path: path === '' ? name : `${path}.${name}` }),
    )
  }
  const [before, after] = [shown(recorded), shown(now)]
  return before === after ? [] : [`${path}: ${before} in the run, ${after} now`]
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
