import { shellArithmetic } from './shell-arithmetic.js'

export type ShellValue = string | number | boolean

/** What a training script says. */
export interface ShellSettings {
  readonly variables: ReadonlyMap<string, ShellValue>
  /** Settings that it passes on as `key.key=value`, by key, without the `+` of those that are added. */
  readonly overrides: ReadonlyMap<string, ShellValue>
}

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/
const OVERRIDE = /^\+{0,2}([A-Za-z_]\w*(?:\.\w+)+)=(.*)$/s

/**
 * Read a shell script that assigns variables and passes settings on, as the release's scripts do: quotes, `$name`, `${name}` and `$((…))` are resolved, nothing is run; what cannot be
 * resolved stays as it is written.
 */
export function readShellSettings(text: string): ShellSettings {
  const variables = new Map<string, ShellValue>()
  const overrides = new Map<string, ShellValue>()
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const words = wordsOf(line)
    const [, name, rest] = ASSIGNMENT.exec(line) ?? []
    if (
      name !== undefined &&
      rest !== undefined &&
      words.length <= (line.trimStart().startsWith('export') ? 2 : 1)
    )
      variables.set(name, valueOf({ word: wordsOf(rest)[0] ?? '', variables }))
    for (const word of words) {
      const [, key, value] = OVERRIDE.exec(word) ?? []
      if (key !== undefined && value !== undefined) overrides.set(key, valueOf({ word: value, variables }))
    }
  }
  return { variables, overrides }
}

/** Words between blanks outside of quotes and `$(…)`, up to a comment. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  for (const [word] of line.matchAll(
    /(?:\$\(\([^)]*(?:\)[^)]+)*\)\)|\$\([^)]*\)|"[^"]*"|'[^']*'|[^\s"'])+/g,
  )) {
    if (word.startsWith('#')) break
    words.push(word)
  }
  return words
}

function valueOf({
  word,
  variables,
}: {
  word: string
  variables: ReadonlyMap<string, ShellValue>
}): ShellValue {
  const known = (name: string): string | null => {
    const value = variables.get(name)
    return value === undefined ? null : String(value)
  }
  // In single quotes nothing is resolved.
  const resolved = word.startsWith("'") ? word : resolve(word, known)
  const [, , quoted] = /^(["'])([\s\S]*)\1$/.exec(resolved) ?? []
  const text = quoted ?? resolved
  if (/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(text)) return Number(text)
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return text
}

function resolve(word: string, known: (name: string) => string | null): string {
  return word
    .replaceAll(/\$\(\((.*?)\)\)(?!\))/g, (whole, text: string) => {
      const value = shellArithmetic({
        text: text.replaceAll(/\$\{?(\w+)\}?/g, '$1'),
        valueOf: (name) => (/^\d+$/.test(known(name) ?? '') ? Number(known(name)) : null),
      })
      return value === null ? whole : String(value)
    })
    .replaceAll(/\$\{(\w+)\}|\$([A-Za-z_]\w*)/g, (whole, braced?: string, bare?: string) => {
      return known(braced ?? bare ?? '') ?? whole
    })
}
