/** What stands between an opening and the next closing tag, and the text without these blocks. */
export interface TaggedBlocks {
  blocks: string[]
  rest: string
}

/**
 * Find every `open … close` as the pattern `open(.*?)close` does, where the dot matches line breaks. By search and not by pattern: in
 * linear time, however many tags are never closed.
 */
export function taggedBlocks({
  text,
  open,
  close,
}: {
  text: string
  open: string
  close: string
}): TaggedBlocks {
  const blocks: string[] = []
  let rest = ''
  let at = 0
  for (;;) {
    const start = text.indexOf(open, at)
    const end = start < 0 ? -1 : text.indexOf(close, start + open.length)
    if (end < 0) return { blocks, rest: rest + text.slice(at) }
    rest += text.slice(at, start)
    blocks.push(text.slice(start + open.length, end))
    at = end + close.length
  }
}
