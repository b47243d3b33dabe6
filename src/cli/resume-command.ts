import { shellWord } from '../core/shell-word.js'

/** The command line that was given, with --resume. */
export function resumeCommand(): string {
  const words = process.argv.slice(2).filter((word) => word !== '--resume')
  return ['codevision', ...words.map(shellWord), '--resume'].join(' ')
}
