import { parsePythonInt } from '../../core/python/number.js'
import { CORE_TOOLS, CROP, ORIENTATION_TOOLS } from '../tools.js'

/** Tools that a rollout is expected to use, with what the components ask of them. */
export interface ExpectedTools {
  all: ReadonlySet<string>
  /** Those besides `crop`. */
  nonCrop: readonly string[]
  core: readonly string[]
  hasCrop: boolean
  hasOrientation: boolean
}

export function expectedTools(names: Iterable<string>): ExpectedTools {
  const all = new Set(names)
  const list = [...all]
  return {
    all,
    nonCrop: list.filter((tool) => tool !== CROP),
    core: list.filter((tool) => CORE_TOOLS.has(tool)),
    hasCrop: all.has(CROP),
    hasOrientation: list.some((tool) => ORIENTATION_TOOLS.has(tool)),
  }
}

/**
 * What undoes the transformations that a row names as applied. `rotate_N` gives the rotation back by N degrees where that is a quarter, a half or three
 * quarters of a turn, and nothing otherwise; of its name only what stands between the first and second underscore is read. Every other name, known or
 * not, is expected as it is. Source: the released agent loop.
 */
export function undoneBy(applied: Iterable<string>): Set<string> {
  const expected = new Set<string>()
  for (const name of applied) {
    if (!name.startsWith('rotate_')) expected.add(name)
    else {
      const degrees = parsePythonInt(name.split('_')[1] ?? '')
      const back = degrees === null ? 0n : ((-degrees % 360n) + 360n) % 360n
      if (back === 90n || back === 180n || back === 270n) expected.add(`rotate_${back}`)
    }
  }
  return expected
}
