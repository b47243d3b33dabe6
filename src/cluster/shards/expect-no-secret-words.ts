import { expectNoSecret } from '../../core/expect-no-secret.js'
import type { ShardedCommand } from './sharded-command.js'

/**
 * Refuse a command that would bring a key into the files that it is written into.
 * @param options.advice where a key belongs instead, as a sentence
 * @throws UsageError
 */
export function expectNoSecretWords({ command, advice }: { command: ShardedCommand; advice: string }): void {
  for (const value of [...command.program, ...command.arguments])
    expectNoSecret({ option: 'the command behind --', value, advice })
}
