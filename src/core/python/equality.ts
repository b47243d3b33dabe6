import { PythonError } from './error.js'
import { pythonValueRepr, type PythonValue } from './value.js'

/**
 * A text that is the same for two values exactly where Python holds them for equal keys of a set or dict: 1, 1.0 and True are one.
 * @throws PythonError (TypeError) for what cannot be a key.
 */
export function pythonKey(value: PythonValue): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number') return numberKey(value)
  if (typeof value === 'bigint') return value.toString(16)
  if (value === null || typeof value === 'string') return pythonValueRepr(value)
  if (Array.isArray(value) || value.type === 'set' || value.type === 'dict')
    throw new PythonError('TypeError', 'a list, set or dict is no key')
  if (value.type === 'tuple') return `(${value.items.map(pythonKey).join(',')})`
  if (value.type !== 'complex') return pythonValueRepr(value)
  const { real, imaginary } = value
  return imaginary === 0 ? numberKey(real) : `${numberKey(real)}+${numberKey(imaginary)}j`
}

function numberKey(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString(16) : String(value)
}
