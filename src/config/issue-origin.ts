import type { YamlFile } from './read-yaml.js'

/** Where a wrong value comes from: the command line, which wins over the file, or a line of the file. `overrides` hold what the command line says under the keys of the file. */
export function issueOrigin({
  path,
  overrides,
  file,
}: {
  /** Of the value. */
  path: readonly PropertyKey[]
  overrides: object
  /** Null: options only. */
  file: YamlFile | null
}): string {
  if (file === null || (path.length > 0 && valueAt(overrides, path) !== undefined)) return 'command line'
  const line = file.lineOf(path)
  const source = file.sourceOf(path)
  return line === null ? source : `${source} line ${line}`
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (level, key) =>
      typeof level === 'object' && level !== null && Object.hasOwn(level, key)
        ? Reflect.get(level, key)
        : undefined,
    value,
  )
}
