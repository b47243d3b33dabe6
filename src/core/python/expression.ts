import { PythonError } from './error.js'
import { pythonNumberLiteral } from './number-literal.js'
import { pythonStringLiteral, type PythonStringLiteral } from './string-literal.js'
import type { PythonValue } from './value.js'

/** What literals are made of; `other`: a name or an f-string, which are expressions but no literals. */
export type PythonNode =
  | { kind: 'constant'; value: PythonValue }
  | { kind: 'list' | 'tuple' | 'set'; items: PythonNode[] }
  | { kind: 'dict'; entries: [PythonNode, PythonNode][] }
  | { kind: 'sum'; left: PythonNode; right: PythonNode; isMinus: boolean }
  | { kind: 'sign'; operand: PythonNode; isMinus: boolean }
  | { kind: 'other' }

/** Brackets that may be open at once. */
const MOST_OPEN = 200
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{N}\p{Mn}\p{Mc}\p{Pc}]*/uy
const CONSTANTS: ReadonlyMap<string, PythonValue> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
])
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal ' +
    'not or pass raise return try while with yield'
  ).split(' '),
)

/**
 * Parse one expression as `compile(text, mode='eval')` does, as far as literals need it: displays, constants, signs, sums and names.
 * @throws PythonError (SyntaxError) for everything else.
 */
export function parsePythonExpression(source: string): PythonNode {
  // Python reads UTF-8, in which neither stands.
  if (/\0|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])/.test(source))
    throw refusal()
  const text = source.replace(/\r\n?/g, '\n')
  let at = 0
  let open = 0

  const result = whole()
  return result

  function whole(): PythonNode {
    beginLine()
    const first = sum()
    const node = peek() === ',' ? ({ kind: 'tuple', items: rest({ first, close: null }) } as const) : first
    if (peek() !== '') {
      if (text.charAt(at) !== '\n') throw refusal()
      at++
      beginLine()
      if (at < text.length) throw refusal()
    }
    return node
  }

  /** Skip blank lines and comments; the first character of anything else must stand in the first column. */
  function beginLine(): void {
    for (;;) {
      let column = 0
      let continued = 0
      for (; ; at++) {
        const character = text.charAt(at)
        if (character === ' ' || character === '\t') column++
        else if (character === '\f') column = 0
        else if (character === '\\') {
          continued ||= column
          continueLine()
          at--
        } else break
      }
      if (text.charAt(at) === '#') skipComment()
      else if (text.charAt(at) !== '\n') {
        if ((continued || column) > 0) throw refusal()
        return
      }
      if (at >= text.length) return
      at++
    }
  }

  /** Step over a backslash and the end of line behind it, which must not end the text. */
  function continueLine(): void {
    if (text.charAt(at + 1) !== '\n' || at + 2 >= text.length) throw refusal()
    at += 2
  }

  function skipComment(): void {
    const end = text.indexOf('\n', at)
    at = end === -1 ? text.length : end
  }

  /** The next character that means something; '' at the end of the text. Inside brackets, ends of lines do not. */
  function peek(): string {
    for (;;) {
      const character = text.charAt(at)
      if (character === '\\') continueLine()
      else if (character === '#') skipComment()
      else if (' \t\f'.includes(character) && character !== '') at++
      else if (character === '\n' && open > 0) at++
      else return character
    }
  }

  function take(character: string): void {
    if (peek() !== character) throw refusal()
    at++
  }

  function sum(): PythonNode {
    let left = sign()
    for (let next = peek(); next === '+' || next === '-'; next = peek()) {
      at++
      left = { kind: 'sum', left, right: sign(), isMinus: next === '-' }
    }
    return left
  }

  function sign(): PythonNode {
    const signs: string[] = []
    for (let next = peek(); next === '+' || next === '-'; next = peek()) {
      signs.push(next)
      at++
    }
    const operand = atom()
    const [only, ...more] = signs
    if (only === undefined) return operand
    return more.length > 0 ? { kind: 'other' } : { kind: 'sign', operand, isMinus: only === '-' }
  }

  function atom(): PythonNode {
    const character = peek()
    if (character === '(') return bracketed(')', parenthesized)
    if (character === '[')
      return bracketed(']', () => ({ kind: 'list', items: rest({ first: null, close: ']' }) }))
    if (character === '{') return bracketed('}', braced)
    if (text.startsWith('...', at)) {
      at += 3
      return { kind: 'constant', value: { type: 'ellipsis' } }
    }
    const number = pythonNumberLiteral({ text, at })
    if (number !== null) {
      at = number.end
      return { kind: 'constant', value: number.value }
    }
    return strings() ?? name()
  }

  function bracketed(close: string, inside: () => PythonNode): PythonNode {
    at++
    open++
    if (open > MOST_OPEN) throw refusal()
    const node = inside()
    // Looked for while the bracket is open, so that ends of lines before it do not count.
    take(close)
    open--
    return node
  }

  function parenthesized(): PythonNode {
    if (peek() === ')') return { kind: 'tuple', items: [] }
    const first = sum()
    return peek() === ',' ? { kind: 'tuple', items: rest({ first, close: ')' }) } : first
  }

  /** The items of a display up to its closing bracket (null: up to the end of the line); a comma may end them. */
  function rest({ first, close }: { first: PythonNode | null; close: string | null }): PythonNode[] {
    const isOver = (): boolean => (close === null ? ['', '\n'].includes(peek()) : peek() === close)
    const items = first === null ? [] : [first]
    if (first === null && isOver()) return items
    if (first === null) items.push(sum())
    while (peek() === ',') {
      at++
      if (isOver()) break
      items.push(sum())
    }
    return items
  }

  function braced(): PythonNode {
    if (peek() === '}') return { kind: 'dict', entries: [] }
    const first = sum()
    if (peek() !== ':') return { kind: 'set', items: rest({ first, close: '}' }) }
    at++
    const entries: [PythonNode, PythonNode][] = [[first, sum()]]
    while (peek() === ',') {
      at++
      if (peek() === '}') break
      const key = sum()
      take(':')
      entries.push([key, sum()])
    }
    return { kind: 'dict', entries }
  }

  /** Adjacent string literals are one. */
  function strings(): PythonNode | null {
    const parts: PythonStringLiteral[] = []
    for (;;) {
      peek()
      const found = pythonStringLiteral({ text, at })
      if (found === null) break
      parts.push(found.literal)
      at = found.end
    }
    const bytes = parts.flatMap((part) => (part.kind === 'bytes' ? [part.bytes] : []))
    if (parts.length === 0) return null
    if (bytes.length === parts.length)
      return { kind: 'constant', value: { type: 'bytes', bytes: bytes.flat() } }
    if (bytes.length > 0) throw refusal()
    if (parts.some(({ kind }) => kind === 'formatted')) return { kind: 'other' }
    return { kind: 'constant', value: parts.map((part) => (part.kind === 'text' ? part.text : '')).join('') }
  }

  function name(): PythonNode {
    NAME.lastIndex = at
    const word = NAME.exec(text)?.[0]
    if (word === undefined || KEYWORDS.has(word)) throw refusal()
    at += word.length
    const value = CONSTANTS.get(word)
    if (value !== undefined) return { kind: 'constant', value }
    if (word !== 'set' || peek() !== '(') return { kind: 'other' }
    bracketed(')', () => ({ kind: 'other' }))
    return { kind: 'set', items: [] }
  }
}

function refusal(): PythonError {
  return new PythonError('SyntaxError', 'this is no literal')
}
