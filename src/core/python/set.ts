import { pythonKey } from './equality.js'
import type { PythonValue } from './value.js'

/** Python's hashes of numbers are remainders by this prime. */
const MODULUS = (1n << 61n) - 1n
const WORD = 1n << 64n
const LEAST_SIZE = 8
/** Places behind the first that are tried before the next jump. */
const NEIGHBOURS = 9

interface Entry {
  item: PythonValue
  hash: bigint
}

/**
 * The items of `set(items)` in the order in which CPython 3.11 lists them, which its table of hashes decides. Hashes of texts differ from process
 * to process: a set that holds anything but numbers keeps the order in which it is written.
 * @throws PythonError (TypeError) for an item that cannot be in a set.
 */
export function pythonSet(items: readonly PythonValue[]): PythonValue[] {
  const byKey = new Map<string, PythonValue>()
  for (const item of items) {
    const key = pythonKey(item)
    if (!byKey.has(key)) byKey.set(key, item)
  }
  const distinct = [...byKey.values()]
  const entries = distinct.flatMap((item) => {
    const hash = hashOf(item)
    return hash === null ? [] : [{ item, hash }]
  })
  return entries.length === distinct.length ? listed(entries) : distinct
}

function listed(entries: readonly Entry[]): PythonValue[] {
  let table: (Entry | undefined)[] = Array.from({ length: LEAST_SIZE })
  let used = 0
  for (const entry of entries) {
    table[placeFor(table, entry.hash)] = entry
    used++
    if (used * 5 < (table.length - 1) * 3) continue
    let size = LEAST_SIZE
    while (size <= used * (used > 50_000 ? 2 : 4)) size *= 2
    const larger: (Entry | undefined)[] = Array.from({ length: size })
    for (const moved of table) if (moved !== undefined) larger[placeFor(larger, moved.hash)] = moved
    table = larger
  }
  return table.flatMap((entry) => (entry === undefined ? [] : [entry.item]))
}

/** The first free place that CPython comes to. */
function placeFor(table: readonly (Entry | undefined)[], hash: bigint): number {
  const mask = BigInt(table.length - 1)
  let perturbation = BigInt.asUintN(64, hash)
  let place = perturbation & mask
  for (;;) {
    const start = Number(place)
    const last = start + NEIGHBOURS <= table.length - 1 ? start + NEIGHBOURS : start
    for (let at = start; at <= last; at++) if (table[at] === undefined) return at
    perturbation >>= 5n
    place = ((place * 5n + 1n + perturbation) % WORD) & mask
  }
}

/** Null where it differs from process to process. */
function hashOf(value: PythonValue): bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'bigint') return signed(value < 0n, (value < 0n ? -value : value) % MODULUS)
  if (typeof value !== 'number' || Number.isNaN(value)) return null
  if (!Number.isFinite(value)) return value < 0 ? -314159n : 314159n
  let exponent = 0
  let mantissa = Math.abs(value)
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    exponent++
  }
  // Division by 2 is multiplication by 2^60, since 2^61 is 1 modulo the prime.
  const shift = BigInt((61 - (exponent % 61)) % 61)
  return signed(value < 0, ((BigInt(mantissa) % MODULUS) << shift) % MODULUS)
}

function signed(isNegative: boolean, magnitude: bigint): bigint {
  const hash = isNegative ? -magnitude : magnitude
  return hash === -1n ? -2n : hash
}
