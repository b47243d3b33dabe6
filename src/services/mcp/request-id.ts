import type { SkippedLine } from './bounded-lines.js'

const ID = String.raw`"id"\s*:\s*(-?\d{1,15}|"[^"\\]{1,200}")`
const SHORT = String.raw`"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"`
const FIRST = new RegExp(String.raw`^\s*\{\s*(?:${SHORT}\s*,\s*)*${ID}\s*,`)
const LAST = new RegExp(String.raw`,\s*${ID}\s*(?:,\s*${SHORT}\s*)*\}\s*$`)

/**
 * The id of a JSON-RPC request of which only the first and last bytes were kept; null where they do not tell it, as JSON-RPC 2.0 (section 5) asks for then.
 * Clients write it before the parameters, or behind them. Nothing within a string or an inner object looks like that: a quotation mark would have to be escaped
 * there, or another bracket to follow.
 */
export function requestIdOf({ head, tail }: SkippedLine): string | number | null {
  const [, id] = FIRST.exec(head) ?? LAST.exec(tail) ?? []
  if (id === undefined) return null
  return id.startsWith('"') ? id.slice(1, -1) : Number(id)
}
