import { serverVariables } from '../config/environment.js'
import { shellWord } from '../core/shell-word.js'
import { startedProgram } from './started-program.js'

/** A command of this program as it can be pasted into a shell, begun as this process was. */
export function commandLine(words: readonly string[]): string {
  return [...startedProgram(), ...words].map(shellWord).join(' ')
}

/** The same with the addresses that the environment gave, which another shell need not have. Keys are left to it. */
export function commandLineWithServers(words: readonly string[]): string {
  const variables = serverVariables().map(([name, value]) => `${name}=${shellWord(value)}`)
  return [...variables, commandLine(words)].join(' ')
}

/** A command of this program as documents name it, on whatever machine. */
export function documentedCommand(words: readonly string[]): string {
  return ['codevision', ...words.map(shellWord)].join(' ')
}

/** Words as one line of shell; a single one is taken as such a line already. */
export function shellLine(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : words.map(shellWord).join(' ')
}
