import { dirname, resolve } from 'node:path'
import { UsageError } from '../core/errors.js'
import { readYaml, type YamlFile } from './read-yaml.js'

const EXTENDS = 'extends'

/**
 * A YAML file over those that it `extends`: a path, or several of which a later one wins; paths are relative to the file. Mappings are merged key by key, unless both say a `kind` and these differ:
 * then the later one stands alone. Whatever else is said twice is what the later file says. Lines and sources of keys are those of the file that says them.
 * @throws UsageError for a file that cannot be read, a wrong `extends`, and files that extend each other.
 */
export async function readExtendedYaml(path: string): Promise<YamlFile> {
  const layers = await layersOf({ path, above: [] })
  const layerOf = (keys: readonly PropertyKey[]): YamlFile | undefined => {
    const own = layers.findLast(({ value }) => has(value, keys))
    return own ?? (keys.length === 0 ? undefined : layerOf(keys.slice(0, -1)))
  }
  return {
    path,
    value: layers.map(({ value }) => value).reduce(merged),
    lineOf: (keys) => layerOf(keys)?.lineOf(keys) ?? null,
    sourceOf: (keys) => layerOf(keys)?.path ?? path,
  }
}

/** The file last, before it what it extends. */
async function layersOf({ path, above }: { path: string; above: readonly string[] }): Promise<YamlFile[]> {
  const place = resolve(path)
  const chain = [...above, place]
  if (above.includes(place))
    throw new UsageError(`${path}: expected files that do not extend each other, got ${chain.join(' → ')}`)
  const file = await readYaml(path)
  if (!isMapping(file.value)) return [file]
  const { [EXTENDS]: given = [], ...value } = file.value
  const layers: YamlFile[] = []
  for (const base of namesOf({ given, file }))
    layers.push(...(await layersOf({ path: resolve(dirname(path), base), above: chain })))
  return [...layers, { ...file, value }]
}

function namesOf({ given, file }: { given: unknown; file: YamlFile }): string[] {
  const names: unknown[] = Array.isArray(given) ? given : [given]
  if (names.every((name) => typeof name === 'string')) return names
  throw new UsageError(
    `${file.path} line ${file.lineOf([EXTENDS])}: extends: expected the path of a YAML file, or a list of paths, got ${JSON.stringify(given)}`,
  )
}

function merged(below: unknown, above: unknown): unknown {
  if (!isMapping(below) || !isMapping(above)) return above
  if (below['kind'] !== undefined && above['kind'] !== undefined && below['kind'] !== above['kind'])
    return above
  const keys = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries(
    [...keys].map((key) => [key, key in above ? merged(below[key], above[key]) : below[key]]),
  )
}

function has(value: unknown, [key, ...rest]: readonly PropertyKey[]): boolean {
  if (key === undefined) return true
  return typeof value === 'object' && value !== null && key in value && has(Reflect.get(value, key), rest)
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
