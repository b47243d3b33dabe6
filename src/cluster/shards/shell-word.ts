/** A word as a shell reads it back: as it is where nothing in it means anything to a shell, else between quotes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
