/** The command line that was given, with --resume. */
export function resumeCommand(): string {
  const words = process.argv.slice(2).filter((word) => word !== '--resume')
  return ['codevision', ...words.map(quoted), '--resume'].join(' ')
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
