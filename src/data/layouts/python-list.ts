/** Characters behind a backslash in a Python string literal that stand for another one. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
}

/**
 * Texts of a Python list literal, `['a', "b's", 3]`, as data frames write lists into text columns; numbers are taken as they are written.
 * @returns null where the text is no such list.
 */
export function parsePythonList(text: string): string[] | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return null
  const items: string[] = []
  const inner = trimmed.slice(1, -1)
  let at = skipSpace(inner, 0)
  while (at < inner.length) {
    const item = inner[at] === "'" || inner[at] === '"' ? quoted(inner, at) : bare(inner, at)
    if (item === null) return null
    items.push(item.text)
    at = skipSpace(inner, item.end)
    if (at >= inner.length) break
    if (inner[at] !== ',') return null
    at = skipSpace(inner, at + 1)
  }
  return items
}

interface Item {
  text: string
  end: number
}

function quoted(source: string, start: number): Item | null {
  const quote = source[start]
  let text = ''
  for (let at = start + 1; at < source.length; at++) {
    const character = source[at] ?? ''
    if (character === quote) return { text, end: at + 1 }
    if (character !== '\\') {
      text += character
      continue
    }
    const escape = escapeAt(source, at + 1)
    text += escape.text
    at = escape.end - 1
  }
  return null
}

function escapeAt(source: string, at: number): Item {
  const letter = source[at] ?? ''
  const digits = { x: 2, u: 4, U: 8 }[letter]
  if (digits !== undefined) {
    const hex = source.slice(at + 1, at + 1 + digits)
    const code = Number.parseInt(hex, 16)
    if (hex.length === digits && /^[0-9a-fA-F]+$/.test(hex) && code <= 0x10ffff)
      return { text: String.fromCodePoint(code), end: at + 1 + digits }
  }
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3))?.[0]
  if (octal !== undefined)
    return { text: String.fromCharCode(Number.parseInt(octal, 8)), end: at + octal.length }
  const known = ESCAPES[letter]
  // As Python does: a backslash before any other letter is itself.
  return { text: known ?? `\\${letter}`, end: at + 1 }
}

function bare(source: string, start: number): Item | null {
  const text = /^[-+]?[\w.]+/.exec(source.slice(start))?.[0]
  return text === undefined ? null : { text, end: start + text.length }
}

function skipSpace(source: string, start: number): number {
  let at = start
  while (at < source.length && /\s/.test(source[at] ?? '')) at++
  return at
}
