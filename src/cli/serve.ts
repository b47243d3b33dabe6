import type { CommandModule } from 'yargs'
import { serveSandboxCommand } from './serve-sandbox.js'

export const serveCommand: CommandModule<object, object> = {
  command: 'serve <service>',
  describe: 'Offer the sandbox to other programs, over HTTP',
  builder: (command) =>
    command
      .command(serveSandboxCommand)
      .demandCommand(1, 'Name a service: codevision serve sandbox')
      .example('$0 serve sandbox', 'On http://127.0.0.1:8000, for this machine only'),
  handler: () => undefined,
}
