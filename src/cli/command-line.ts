/** A command of this program as it can be pasted into a shell. */
export function commandLine(words: readonly string[]): string {
  return ['codevision', ...words.map(quoted)].join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
