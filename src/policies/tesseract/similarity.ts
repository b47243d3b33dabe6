/** Letters and digits alone, lower case: what OCR and a question can be expected to share. */
export function normalise(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** 1 − edit distance / longer length, over normalised texts: 1 the same, 0 nothing in common. */
export function similarity(a: string, b: string): number {
  const left = [...normalise(a)]
  const right = [...normalise(b)]
  const longer = Math.max(left.length, right.length)
  return longer === 0 ? 0 : 1 - editDistance(left, right) / longer
}

function editDistance(a: readonly string[], b: readonly string[]): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  a.forEach((character, row) => {
    const current = [row + 1]
    b.forEach((other, column) => {
      current.push(
        Math.min(
          (previous[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
          (previous[column] ?? 0) + (character === other ? 0 : 1),
        ),
      )
    })
    previous = current
  })
  return previous[b.length] ?? 0
}
