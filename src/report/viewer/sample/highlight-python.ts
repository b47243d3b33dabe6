/** A piece of source text; `plain` is everything that has no colour. */
export interface Token {
  kind: 'keyword' | 'string' | 'number' | 'comment' | 'call' | 'plain'
  text: string
}

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if import in is ' +
    'lambda nonlocal not or pass raise return try while with yield match case'
  ).split(' '),
)

const STRING = String.raw`[rRbBuUfF]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*(?:"|(?=\n)|$)|'(?:\\.|[^'\\\n])*(?:'|(?=\n)|$))`
const PATTERN = new RegExp(
  String.raw`(?<comment>#[^\n]*)|(?<string>${STRING})|(?<number>\b\d[\w.]*)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<space>\s+)|(?<other>[^\s\p{L}\p{N}_#"']+|.)`,
  'gsu',
)

/** Python as lines of tokens, for its colours only; text that is no Python comes out as it is. */
export function highlightPython(source: string): Token[][] {
  const lines: Token[][] = [[]]
  for (const match of source.matchAll(PATTERN)) {
    const kind = kindOf(match, source)
    match[0].split('\n').forEach((text, index) => {
      if (index > 0) lines.push([])
      if (text !== '') append(lines[lines.length - 1] ?? [], { kind, text })
    })
  }
  return lines
}

function kindOf(match: RegExpMatchArray, source: string): Token['kind'] {
  const { comment, string, number, word } = match.groups ?? {}
  if (comment !== undefined) return 'comment'
  if (string !== undefined) return 'string'
  if (number !== undefined) return 'number'
  if (word === undefined) return 'plain'
  if (KEYWORDS.has(word)) return 'keyword'
  return source[(match.index ?? 0) + word.length] === '(' ? 'call' : 'plain'
}

function append(line: Token[], token: Token): void {
  const last = line[line.length - 1]
  if (last?.kind === token.kind) last.text += token.text
  else line.push(token)
}
