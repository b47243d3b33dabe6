const DEEPEST = 16
const MOST_VALUES = 100_000

/** Why a value is no plain data (numbers, strings, booleans, null, lists and objects of them) within bounds; null where it is. */
export function plainProblem(value: unknown): string | null {
  let values = 0
  const look = (part: unknown, depth: number): string | null => {
    values += 1
    if (values > MOST_VALUES) return `expected at most ${MOST_VALUES} values`
    if (part === null || typeof part === 'string' || typeof part === 'boolean') return null
    if (typeof part === 'number') return Number.isFinite(part) ? null : 'expected finite numbers'
    if (typeof part !== 'object') return `expected plain data, got ${typeof part}`
    if (!Array.isArray(part) && !isPlainObject(part))
      return `expected plain data, got ${part.constructor?.name ?? 'an object'}`
    if (depth === DEEPEST) return `expected at most ${DEEPEST} levels`
    // JSON leaves out what of an object is undefined.
    const inner = Array.isArray(part) ? part : Object.values(part).filter((one) => one !== undefined)
    for (const one of inner) {
      const problem = look(one, depth + 1)
      if (problem !== null) return problem
    }
    return null
  }
  return look(value, 0)
}

/** No Map, Date or other instance, of which JSON keeps something else or nothing; an object of another realm is plain too. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
