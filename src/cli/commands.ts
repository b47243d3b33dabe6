import type { CommandModule } from 'yargs'

/** Every command, in the order in which --help lists them. */
export const COMMANDS: readonly CommandModule<object, never>[] = []
