import type { Argv, CommandModule } from 'yargs'
import { COMMANDS } from '../commands.js'
import { createParser } from '../parser.js'

/** Parse a command line as the program does, and do nothing. @throws UsageError for what the program would refuse before it begins. */
export async function parseOnly(words: readonly string[]): Promise<void> {
  const commands = COMMANDS.map((register) => (parser: Argv) => register(idle(parser)))
  await createParser({ words, commands }).parseAsync()
}

/** A parser whose commands, and theirs in turn, have no handler. */
function idle(parser: Argv): Argv {
  return new Proxy(parser, {
    get(target, key) {
      const own: unknown = Reflect.get(target, key)
      if (typeof own !== 'function') return own
      return (...given: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(own, target, key === 'command' ? given.map(disarmed) : given)
        return answer === target ? idle(target) : answer
      }
    },
  })
}

function disarmed(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('handler' in given)) return given
  const module = given as CommandModule
  const { builder } = module
  return {
    ...module,
    handler: () => undefined,
    ...(typeof builder === 'function' && { builder: (parser: Argv) => builder(idle(parser)) }),
  }
}
