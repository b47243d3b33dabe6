import type { CommandModule } from 'yargs'
import { serveEnvCommand } from './serve-env.js'
import { serveMcpCommand } from './serve-mcp.js'
import { serveRewardCommand } from './serve-reward.js'
import { serveSandboxCommand } from './serve-sandbox.js'

export const serveCommand: CommandModule<object, object> = {
  command: 'serve <service>',
  describe:
    'Offer the sandbox, rewards, episodes over tasks or tools over images to other programs, over HTTP or MCP',
  builder: (command) =>
    command
      .command(serveSandboxCommand)
      .command(serveRewardCommand)
      .command(serveEnvCommand)
      .command(serveMcpCommand)
      .demandCommand(1, 'Name a service: codevision serve sandbox, reward, env or mcp')
      .example('$0 serve sandbox', 'On http://127.0.0.1:8000, for this machine only')
      .example('$0 serve reward', 'Rewards of recorded rollouts, there')
      .example('$0 serve env --data rows.parquet', 'Episodes over tasks, for trainers')
      .example('$0 serve mcp --root ~/Pictures', 'Tools over images for a desktop client'),
  handler: () => undefined,
}
