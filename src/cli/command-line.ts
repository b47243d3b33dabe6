import { shellWord } from '../cluster/shards/shell-word.js'

/** A command of this program as it can be pasted into a shell. */
export function commandLine(words: readonly string[]): string {
  return ['codevision', ...words.map(shellWord)].join(' ')
}

/** Words as one line of shell; a single one is taken as such a line already. */
export function shellLine(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : words.map(shellWord).join(' ')
}
