/** Longest text of a tool message, in UTF-16 units. */
export const MAX_TOOL_TEXT = 10_000

/** Keep head and tail of a text that is too long, and say how much is missing; never cuts a character in two. */
export function limitText({ text, limit = MAX_TOOL_TEXT }: { text: string; limit?: number }): string {
  if (text.length <= limit) return text
  // Room for the mark itself, whatever the number in it.
  const kept = Math.max(0, limit - 60)
  const head = text.slice(0, Math.ceil(kept / 2)).replace(/[\ud800-\udbff]$/, '')
  const tail = text.slice(text.length - Math.floor(kept / 2)).replace(/^[\udc00-\udfff]/, '')
  return `${head}\n… ${text.length - head.length - tail.length} characters left out …\n${tail}`
}
