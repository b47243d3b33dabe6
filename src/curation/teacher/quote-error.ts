/** Longest quotation; what is longer is cut at a word. */
const LONGEST = 140

/**
 * What a tool message says went wrong, to be quoted: the last line of the traceback, or the line that the message opens with. Double quotes become single ones, so that the
 * quotation can stand in them.
 */
export function quoteError(toolText: string): string {
  const lines = toolText.split('\n').map((line) => line.trim())
  const raised = lines.findLast((line) =>
    /^[A-Za-z_.]*(?:Error|Exception|Warning|Interrupt|Exit)\b(?::|$)/.test(line),
  )
  const opening = lines.find((line) => line !== '') ?? 'no message'
  // The line that opens a message names the kind of failure before the error itself.
  const [, after] = /^The [^:]*\(\w+\): (.+)$/.exec(opening) ?? []
  const text = (raised ?? after ?? opening)
    .replaceAll('"', "'")
    .replaceAll(/<\/?[a-z_]+>/g, ' ')
    .trim()
  if (text.length <= LONGEST) return text
  return `${text.slice(0, LONGEST).replace(/\s+\S*$/, '')} …`
}
