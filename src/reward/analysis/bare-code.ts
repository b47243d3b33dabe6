const OPENING = /#|"""|'''|"|'/g

/** Python without its comments and without what stands in its strings, as far as that can be told without parsing it. */
export function bareCode(code: string): string {
  let bare = ''
  let at = 0
  for (;;) {
    OPENING.lastIndex = at
    const opening = OPENING.exec(code)
    if (opening === null) return bare + code.slice(at)
    bare += code.slice(at, opening.index)
    const [mark] = opening
    const inside = opening.index + mark.length
    if (mark === '#') {
      at = lineEnd(code, inside)
    } else {
      bare += mark + mark
      at = stringEnd(code, inside, mark)
    }
  }
}

function lineEnd(code: string, from: number): number {
  const end = code.indexOf('\n', from)
  return end < 0 ? code.length : end
}

/** Behind the closing mark; a string in single marks that is not closed ends with its line. */
function stringEnd(code: string, from: number, mark: string): number {
  for (let at = from; at < code.length; at += 1) {
    if (code.charAt(at) === '\\') at += 1
    else if (mark.length === 1 && code.charAt(at) === '\n') return at
    else if (code.startsWith(mark, at)) return at + mark.length
  }
  return code.length
}
