import type { PythonJson } from '../../core/python/json.js'
import { parsePythonFloat, parsePythonInt } from '../../core/python/number.js'
import { pythonStr } from '../../core/python/repr.js'
import { releaseIoU } from './release-iou.js'
import { undoneBy } from './expected-tools.js'

/**
 * How the release reads fields of its own records, which may hold anything that JSON holds: as Python's `float`, `int`, `bool` and `str` read it. For records of the
 * release only; what enters elsewhere is checked (see `readRewardGroups`) and not guessed at.
 */

/** Tools that are expected: of an object its keys, of a list its items as texts, a text itself; of everything else none. */
export function readExpected(value: PythonJson): Set<string> {
  if (value instanceof Map) return undoneBy(value.keys())
  if (Array.isArray(value)) return undoneBy(value.map(pythonStr))
  return undoneBy(typeof value === 'string' ? [value] : [])
}

/** A target box: any list, however long; null for everything else. */
export function readTarget(value: PythonJson): PythonJson[] | null {
  return Array.isArray(value) ? value : null
}

/**
 * Best IoU of recorded crops with a recorded target. Crops that are no lists of four are passed over; a number that cannot be read, in the target or in any
 * crop, makes the whole result 0.
 */
export function readBestIoU({
  target,
  crops,
}: {
  target: readonly PythonJson[] | null
  crops: readonly PythonJson[]
}): number | null {
  if (target === null) return null
  const own = readNumbers(target)
  let best = 0
  for (const crop of crops) {
    if (!Array.isArray(crop) || crop.length !== 4) continue
    const other = readNumbers(crop)
    if (own === null || own.length !== 4 || other === null) return 0
    const iou = releaseIoU(own, other)
    if (iou > best) best = iou
  }
  return best
}

/** Executed calls: `int(value)`, where that fails the length of a list, else 0. */
export function readCodeCount(value: PythonJson): number {
  return readInteger(value) ?? (Array.isArray(value) ? value.length : 0)
}

/** `float(value)`, or 0 where that fails. */
export function readFormat(value: PythonJson): number {
  return readFloat(value) ?? 0
}

/** `bool(value)`. */
export function readTruth(value: PythonJson): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (value instanceof Map) return value.size > 0
  return Number.isNaN(value) || Boolean(value)
}

function readNumbers(values: readonly PythonJson[]): number[] | null {
  const numbers = values.map(readFloat)
  return numbers.every((number) => number !== null) ? numbers : null
}

/** `float(value)`; null where Python raises. */
export function readFloat(value: PythonJson): number | null {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'string') return parsePythonFloat(value)
  if (typeof value !== 'bigint') return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** `int(value)`; null where Python raises. */
function readInteger(value: PythonJson): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string') return null
  const integer = parsePythonInt(value)
  return integer === null ? null : Number(integer)
}
