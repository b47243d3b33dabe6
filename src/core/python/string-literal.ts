/** A string of Python's grammar: text or bytes; `formatted`: an f-string, which is no literal. */
export type PythonStringLiteral =
  { kind: 'text'; text: string } | { kind: 'bytes'; bytes: number[] } | { kind: 'formatted' }

const OPENING = /([rR]?[bB]|[bB][rR]|[rR]?[fF]|[fF][rR]|[rRuU])?('''|"""|'|")/y

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

/**
 * A string literal at a place of a text (lines end with \n), and where it ends; null where none begins, or one that Python refuses.
 * `\N{name}` is refused: no table of the names is at hand.
 */
export function pythonStringLiteral({
  text,
  at,
}: {
  text: string
  at: number
}): { literal: PythonStringLiteral; end: number } | null {
  OPENING.lastIndex = at
  const opening = OPENING.exec(text)
  if (opening === null) return null
  const [all, written = '', quote = ''] = opening
  const start = at + all.length
  const close = closingQuote({ text, start, quote })
  if (close === null) return null
  const body = text.slice(start, close)
  const literal = decode({ body, prefix: written.toLowerCase() })
  return literal === null ? null : { literal, end: close + quote.length }
}

function closingQuote({ text, start, quote }: { text: string; start: number; quote: string }): number | null {
  for (let at = start; at < text.length; at++) {
    if (text.startsWith(quote, at)) return at
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === '\n' && quote.length === 1) return null
  }
  return null
}

function decode({ body, prefix }: { body: string; prefix: string }): PythonStringLiteral | null {
  const isRaw = prefix.includes('r')
  if (prefix.includes('f')) return /[{}]/.test(body) ? null : { kind: 'formatted' }
  if (!prefix.includes('b')) {
    const text = isRaw ? body : unescaped({ body, isBytes: false })
    return text === null ? null : { kind: 'text', text }
  }
  if (/[^\0-\x7f]/.test(body)) return null
  const text = isRaw ? body : unescaped({ body, isBytes: true })
  if (text === null) return null
  return { kind: 'bytes', bytes: Array.from(text, (character) => character.charCodeAt(0) & 0xff) }
}

/** Null where an escape is wrong; an unknown one stays as it is. */
function unescaped({ body, isBytes }: { body: string; isBytes: boolean }): string | null {
  let isWrong = false
  const pattern = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/gu
  const text = body.replace(
    pattern,
    (all: string, octal?: string, hex?: string, short?: string, long?: string, other?: string): string => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      const wide = short ?? long
      if (isBytes && wide !== undefined) return all
      if (wide !== undefined) {
        const code = Number.parseInt(wide, 16)
        if (code <= 0x10ffff) return String.fromCodePoint(code)
        isWrong = true
      }
      isWrong ||= other === 'x' || (!isBytes && (other === 'u' || other === 'U' || other === 'N'))
      return SIMPLE.get(other ?? '') ?? all
    },
  )
  return isWrong ? null : text
}
