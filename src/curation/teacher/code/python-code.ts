import type { Random } from '../../../data/demo/random.js'
import type { Size } from '../../plan/curation-plan.js'

/** A picture in the code: as a PIL image, or as a NumPy array of height × width × 3. */
export type Form = 'pil' | 'array'

export interface Value {
  form: Form
  expression: string
  /** The expression is a name, not a computation. */
  isNamed: boolean
  size: Size
}

/** Code that is being written: statements so far, and names that are taken. */
export interface PythonCode {
  readonly lines: string[]
  /** A name of the pool that is not used yet. */
  name(pool: readonly string[]): string
  /** Give the value a name of the pool, unless it has one. */
  named(value: Value, pool: readonly string[]): Value
  /** The value in another form. */
  as(value: Value, form: Form): Value
}

const ARRAY_NAMES = ['arr', 'pixels', 'data', 'array', 'a', 'px', 'grid', 'rgb']
/** An expression longer than that gets a name before it grows. */
const LONGEST_EXPRESSION = 58

export function createPythonCode({ random }: { random: Random }): PythonCode {
  const taken = new Set<string>()
  const lines: string[] = []
  const name = (pool: readonly string[]): string => {
    const free = pool.filter((candidate) => !taken.has(candidate))
    const chosen = free.length > 0 ? random.pick(free) : `${pool[0] ?? 'step'}_${taken.size}`
    taken.add(chosen)
    return chosen
  }
  const named = (value: Value, pool: readonly string[]): Value => {
    if (value.isNamed) return value
    const chosen = name(pool)
    lines.push(`${chosen} = ${value.expression}`)
    return { ...value, expression: chosen, isNamed: true }
  }
  return {
    lines,
    name,
    named,
    as(value, form) {
      if (value.form === form) return value
      const short =
        value.expression.length > LONGEST_EXPRESSION ? named(value, ['step', 'made', 'view']) : value
      if (form === 'pil')
        return { ...short, form, expression: `Image.fromarray(${short.expression})`, isNamed: false }
      const call = random.pick(['np.array', 'np.array', 'np.asarray'])
      const array = { ...short, form, expression: `${call}(${short.expression})`, isNamed: false }
      return random.integer(0, 2) > 0 ? named(array, ARRAY_NAMES) : array
    },
  }
}
