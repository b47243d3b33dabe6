/** Letter of the option at a place, from 0. */
export function letterAt(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}

/** Options by their letters; those without a text are left out, as a reader of the published tables leaves out empty cells. */
export function optionsByLetter(options: readonly string[]): Map<string, string> {
  return new Map(
    options.map((text, index) => [letterAt(index), text] as const).filter(([, text]) => text !== ''),
  )
}
