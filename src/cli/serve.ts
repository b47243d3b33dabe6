import type { CommandModule } from 'yargs'
import { serveEnvCommand } from './serve-env.js'
import { serveRewardCommand } from './serve-reward.js'
import { serveSandboxCommand } from './serve-sandbox.js'

export const serveCommand: CommandModule<object, object> = {
  command: 'serve <service>',
  describe: 'Offer the sandbox, rewards, or episodes over tasks to other programs, over HTTP',
  builder: (command) =>
    command
      .command(serveSandboxCommand)
      .command(serveRewardCommand)
      .command(serveEnvCommand)
      .demandCommand(1, 'Name a service: codevision serve sandbox, reward or env')
      .example('$0 serve sandbox', 'On http://127.0.0.1:8000, for this machine only')
      .example('$0 serve reward', 'Rewards of recorded rollouts, there')
      .example('$0 serve env --data rows.parquet', 'Episodes over tasks, for trainers'),
  handler: () => undefined,
}
