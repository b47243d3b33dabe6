/**
 * The beginning of a JSON text that ends inside a string, made whole: the string and everything around it is closed. Null where it ends elsewhere or
 * is no JSON.
 */
export function closeCutJson(text: string): unknown {
  const open: string[] = []
  let isInString = false
  let escapeAt = -1
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at)
    if (isInString) {
      if (character === '\\') escapeAt = at++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{') open.push('}')
    else if (character === '[') open.push(']')
    else if (character === '}' || character === ']') open.pop()
  }
  if (!isInString) return null
  try {
    return JSON.parse(`${withoutCutCharacter(text, escapeAt)}"${open.reverse().join('')}`)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** Without an escape sequence or a UTF-8 character of which only the beginning is there, and without half of a surrogate pair. */
function withoutCutCharacter(text: string, escapeAt: number): string {
  const escape = escapeAt === -1 ? '' : text.slice(escapeAt)
  const isCut = escape === '\\' || (escape.startsWith('\\u') && escape.length < 6)
  const whole = isCut ? text.slice(0, escapeAt) : text
  return whole.replace(/(\ufffd+|[\ud800-\udbff]|\\u[dD][89abAB][0-9a-fA-F]{2})$/, '')
}
