const BREAK = '\u200b'

/** A text without these tokens: what a program prints must not end a turn or stand for an image, so a zero-width space stands behind the first character of each. */
export function breakTokens({ text, tokens }: { text: string; tokens: readonly string[] }): string {
  return tokens.reduce(
    (rest, token) => rest.replaceAll(token, `${token.slice(0, 1)}${BREAK}${token.slice(1)}`),
    text,
  )
}
