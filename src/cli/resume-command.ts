import { commandLineWithServers } from './command-line.js'

/** The command line that was given, with --resume. */
export function resumeCommand(): string {
  return commandLineWithServers([...process.argv.slice(2).filter((word) => word !== '--resume'), '--resume'])
}
