import { PythonError } from './error.js'
import { pythonKey } from './equality.js'
import { parsePythonExpression, type PythonNode } from './expression.js'
import { pythonSet } from './set.js'
import type { PythonComplex, PythonValue } from './value.js'

/**
 * `ast.literal_eval(text)` of Python 3.11, without names of characters (`\N{…}`).
 * @throws PythonError with Python's class: SyntaxError or ValueError for what is no literal, TypeError for a key that is none.
 */
export function pythonLiteral(text: string): PythonValue {
  return valueOf(parsePythonExpression(text.replace(/^[ \t]+/, '')))
}

function valueOf(node: PythonNode): PythonValue {
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'list':
      return node.items.map(valueOf)
    case 'tuple':
      return { type: 'tuple', items: node.items.map(valueOf) }
    case 'set':
      return { type: 'set', items: pythonSet(node.items.map(valueOf)) }
    case 'dict':
      return { type: 'dict', entries: entriesOf(node.entries) }
    case 'sum':
      return complexOf(node)
    case 'sign':
      return signed(node)
    case 'other':
      throw malformed()
  }
}

/** The first of equal keys stays, with the last value. */
function entriesOf(nodes: readonly (readonly [PythonNode, PythonNode])[]): [PythonValue, PythonValue][] {
  const byKey = new Map<string, [PythonValue, PythonValue]>()
  for (const [keyNode, valueNode] of nodes) {
    const [written, value] = [valueOf(keyNode), valueOf(valueNode)]
    const key = pythonKey(written)
    byKey.set(key, [byKey.get(key)?.[0] ?? written, value])
  }
  return [...byKey.values()]
}

/** A real number, signed or not, plus or minus an imaginary one. */
function complexOf({ left, right, isMinus }: Extract<PythonNode, { kind: 'sum' }>): PythonComplex {
  const real = left.kind === 'sign' ? signed(left) : number(left)
  const imaginary = number(right)
  if (typeof real === 'object' || typeof imaginary !== 'object') throw malformed()
  const part = Number(real)
  if (typeof real === 'bigint' && !Number.isFinite(part))
    throw new PythonError('OverflowError', 'an integer is too large for a float')
  return isMinus
    ? { type: 'complex', real: part - imaginary.real, imaginary: 0 - imaginary.imaginary }
    : { type: 'complex', real: part + imaginary.real, imaginary: imaginary.imaginary }
}

function signed({ operand, isMinus }: Extract<PythonNode, { kind: 'sign' }>): Numeric {
  const value = number(operand)
  if (!isMinus) return value
  if (typeof value === 'object') return { type: 'complex', real: -value.real, imaginary: -value.imaginary }
  return -value
}

type Numeric = bigint | number | PythonComplex

function number(node: PythonNode): Numeric {
  if (node.kind !== 'constant') throw malformed()
  const { value } = node
  if (typeof value === 'bigint' || typeof value === 'number') return value
  if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'complex') return value
  throw malformed()
}

function malformed(): PythonError {
  return new PythonError('ValueError', 'this is no literal')
}
