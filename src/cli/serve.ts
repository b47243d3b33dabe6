import type { CommandModule } from 'yargs'
import { serveRewardCommand } from './serve-reward.js'
import { serveSandboxCommand } from './serve-sandbox.js'

export const serveCommand: CommandModule<object, object> = {
  command: 'serve <service>',
  describe: 'Offer the sandbox, or rewards, to other programs, over HTTP',
  builder: (command) =>
    command
      .command(serveSandboxCommand)
      .command(serveRewardCommand)
      .demandCommand(1, 'Name a service: codevision serve sandbox, or codevision serve reward')
      .example('$0 serve sandbox', 'On http://127.0.0.1:8000, for this machine only')
      .example('$0 serve reward', 'Rewards of recorded rollouts, there'),
  handler: () => undefined,
}
