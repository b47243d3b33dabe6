import type { CommandModule, InferredOptionTypes, Options } from 'yargs'
import { oneOf } from './one-of.js'
import { addressOf, bodyBytesOf, count, LIMITS, seconds, SERVE_OPTIONS } from './serve-options.js'

const ANALYSIS = 'What calls did:'

const SERVE_REWARD_OPTIONS = {
  ...SERVE_OPTIONS,
  analysis: {
    ...oneOf('--analysis', ['observed', 'static']),
    default: 'observed' as const,
    describe: 'static: start a sandbox that reads the text of calls, too',
    group: ANALYSIS,
  },
  runtime: {
    ...oneOf('--runtime', ['auto', 'docker', 'podman', 'bubblewrap', 'none']),
    describe: 'How that is contained [default: auto]',
    group: ANALYSIS,
  },
  'sandbox-socket': {
    type: 'string',
    describe: 'Use sandboxes that already run: a unix socket, or a folder of them',
    group: ANALYSIS,
  },
  groups: { type: 'number', default: 1024, describe: 'Groups of a request', group: LIMITS },
  rollouts: {
    type: 'number',
    default: 32_768,
    describe: 'Rollouts of a request, of all its groups',
    group: LIMITS,
  },
  'text-length': { type: 'number', default: 1_000_000, describe: 'Characters of one text', group: LIMITS },
  queue: { type: 'number', default: 64, describe: 'Requests that wait', group: LIMITS },
  'requests-per-client': {
    type: 'number',
    describe: 'Requests of one client that are scored or wait [default: --queue]',
    group: LIMITS,
  },
  drain: {
    type: 'number',
    default: 30,
    describe: 'Seconds that requests under way get to finish after SIGTERM',
    group: LIMITS,
  },
} satisfies Record<string, Options>

type ServeRewardArguments = InferredOptionTypes<typeof SERVE_REWARD_OPTIONS>

export const serveRewardCommand: CommandModule<object, ServeRewardArguments> = {
  command: 'reward',
  describe: 'Rewards of groups of rollouts over HTTP (docs/rewards.md)',
  builder: (command) =>
    command
      .options(SERVE_REWARD_OPTIONS)
      .conflicts('socket', ['host', 'port'])
      .conflicts('sandbox-socket', 'runtime')
      .example('$0 serve reward', 'On http://127.0.0.1:8000, for this machine only')
      .example('$0 serve reward --analysis static', 'Reads the text of calls, in a sandbox')
      .example('$0 serve reward --host 0.0.0.0 --token-file token', 'For other machines, with a token'),
  handler: async (given) => {
    const { runtime = 'auto', 'sandbox-socket': socket, analysis } = given
    const queue = count('queue', given.queue)
    const { serveReward } = await import('./run-reward-service.js')
    await serveReward({
      address: addressOf(given),
      tokenFile: given['token-file'],
      endsWithStdin: given['end-with-stdin'],
      sandbox: analysis === 'static' ? (socket === undefined ? runtime : { socket }) : null,
      limits: {
        groups: count('groups', given.groups),
        rollouts: count('rollouts', given.rollouts),
        textLength: count('text-length', given['text-length']),
        queue,
        requestsPerClient: count('requests-per-client', given['requests-per-client'] ?? queue),
        bodyBytes: bodyBytesOf(given['body-mb']),
        connections: count('connections', given.connections),
      },
      drainMs: seconds('drain', given.drain),
      logLevel: given['log-level'],
    })
  },
}
