/** As many digits as the first integer that is refused has. */
const LONG = /\d{16}/
const STRING_OR_NUMBER = /\\.|"|-?\d[\d.eE+-]*/g
const INTEGER = /^-?\d+$/

/**
 * `JSON.parse`, but for integers that JavaScript's numbers would change: from 2^53 on, as arguments of tools are bounded.
 * @throws SyntaxError where the text is no JSON; RangeError, which names the integer.
 */
export function parseExactJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const lost = LONG.test(text) ? lostInteger(text) : null
  if (lost === null) return value
  throw new RangeError(
    `the integer ${lost.slice(0, 40)}; expected integers below 2**53, a string keeps its digits`,
  )
}

/** @param json a text that is JSON */
function lostInteger(json: string): string | null {
  let isString = false
  for (const [token] of json.matchAll(STRING_OR_NUMBER))
    if (token === '"') isString = !isString
    else if (!isString && INTEGER.test(token) && !Number.isSafeInteger(Number(token))) return token
  return null
}
