/** A part of what a model wrote in one turn. */
export interface ReplyPart {
  kind: 'thought' | 'call' | 'answer' | 'text'
  text: string
  /** Its closing tag is missing: the turn was cut, or the model forgot it. */
  isOpen: boolean
}

const TAGS = [
  { kind: 'thought', open: '<think>', close: '</think>' },
  { kind: 'call', open: '<tool_call>', close: '</tool_call>' },
  { kind: 'answer', open: '<answer>', close: '</answer>' },
] as const

/**
 * Take a turn apart for reading, in its order and without losing a word; empty parts are left out. Templates of some models open the thought themselves: a turn that
 * closes one without opening it began with it. This is for people only: what counts as call and answer is what the record says.
 */
export function splitReply(text: string): ReplyPart[] {
  const close = text.indexOf('</think>')
  const open = text.indexOf('<think>')
  if (close >= 0 && (open < 0 || open > close)) {
    const rest = splitReply(text.slice(close + '</think>'.length))
    return [...part('thought', text.slice(0, close), false), ...rest]
  }
  const parts: ReplyPart[] = []
  let at = 0
  for (;;) {
    const next = TAGS.map((tag) => ({ tag, start: text.indexOf(tag.open, at) }))
      .filter(({ start }) => start >= 0)
      .sort((a, b) => a.start - b.start)[0]
    if (next === undefined) return [...parts, ...part('text', text.slice(at), false)]
    parts.push(...part('text', text.slice(at, next.start), false))
    const { tag } = next
    const begin = next.start + tag.open.length
    const end = text.indexOf(tag.close, begin)
    if (end < 0) return [...parts, ...part(tag.kind, text.slice(begin), true)]
    parts.push(...part(tag.kind, text.slice(begin, end), false))
    at = end + tag.close.length
  }
}

function part(kind: ReplyPart['kind'], text: string, isOpen: boolean): ReplyPart[] {
  const trimmed = text.trim()
  return trimmed === '' ? [] : [{ kind, text: trimmed, isOpen }]
}
