import { dirname, resolve } from 'node:path'
import { UsageError } from '../core/errors.js'
import { isThere } from './is-there.js'
import { readExtendedYaml } from './read-extended-yaml.js'
import type { TrainingOverrides } from './training-config.js'

/** Keys of a training that name what must be there when it begins, and the option that replaces each. */
const NAMED = [
  { key: ['model', 'path'], expected: 'the folder of a checkpoint', option: 'model' },
  { key: ['data'], expected: 'what to learn from', option: 'data' },
  { key: ['heldOut', 'data'], expected: 'conversations to measure on', option: null },
  { key: ['evaluation', 'data'], expected: 'rows to measure on', option: null },
] as const

/**
 * See that what a training reads is there, before anything of it is loaded. The configuration has been read before.
 * @throws UsageError naming the option, or file, line and key, that names nothing.
 */
export async function expectTrainingFiles({
  path,
  overrides = {},
}: {
  path: string
  overrides?: TrainingOverrides
}): Promise<void> {
  const file = await readExtendedYaml(path)
  for (const { key, expected, option } of NAMED) {
    const given = option === null ? undefined : overrides[option]
    const names = given ?? valueAt(file.value, key)
    const source = file.sourceOf(key)
    const line = file.lineOf(key)
    const where =
      given === undefined
        ? `${source}${line === null ? '' : ` line ${line}`}: \`${key.join('.')}\``
        : `--${option}`
    for (const name of [names].flat()) {
      if (typeof name !== 'string') continue
      const place = given === undefined ? resolve(dirname(source), name) : resolve(name)
      if (await isThere(place)) continue
      const other = given === undefined && option !== null ? `, or another --${option}` : ''
      throw new UsageError(
        `${where}: expected ${expected}, got ${place}, which is not there; name another path${other}`,
      )
    }
  }
}

function valueAt(value: unknown, key: readonly string[]): unknown {
  return key.reduce<unknown>(
    (level, name) => (typeof level === 'object' && level !== null ? Reflect.get(level, name) : undefined),
    value,
  )
}
