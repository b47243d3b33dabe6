/** Command lines of this program in a text's indented and fenced blocks, as lists of words: what stands before `codevision` (variables, npx) and behind `#`, `|`, `&&` or `>` is left out. */
export function commandLines(text: string): string[][] {
  let isFenced = false
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('```')) isFenced = !isFenced
    if (!isFenced && !line.startsWith('    ')) return []
    return line
      .replace(/(^|\s)#.*$/, '')
      .split(/&&|\||>/)
      .flatMap((part) => {
        const [, command] = /^\s*(?:[A-Z_]+=\S+ )*(?:npx )?codevision\s+(.*)$/.exec(part) ?? []
        return command === undefined ? [] : [wordsOf(command)]
      })
  })
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, ...one]) => one.find(Boolean) ?? '')
}
