import type { CommandModule, InferredOptionTypes, Options } from 'yargs'
import { addressOf, count, runtimeOf, seconds } from './serve-options.js'
import { SERVE_SESSIONS_OPTIONS } from './serve-sandbox-options.js'
import { serviceLimitsOf } from './serve-sandbox.js'

const TASKS = 'What episodes are:'

const SERVE_ENV_OPTIONS = {
  ...SERVE_SESSIONS_OPTIONS,
  'images-per-session': {
    ...SERVE_SESSIONS_OPTIONS['images-per-session'],
    describe: 'Images of a session, views included; an episode has room for those of its turns in any case',
  },
  'calls-per-session': {
    ...SERVE_SESSIONS_OPTIONS['calls-per-session'],
    describe: 'Calls of a session over images; those of an episode are bounded by its turns',
  },
  data: {
    type: 'string',
    describe: 'Tasks: parquet in the layout of MVToolBench, JSONL or TSV',
    group: TASKS,
  },
  config: {
    type: 'string',
    describe: 'YAML with data or suite, agent, reward, scoring, judge, sandbox; one of train grpo is one',
    group: TASKS,
  },
  limit: { type: 'string', describe: 'Tasks to offer: 20, or 21-40', group: TASKS },
} satisfies Record<string, Options>

type ServeEnvArguments = InferredOptionTypes<typeof SERVE_ENV_OPTIONS>

export const serveEnvCommand: CommandModule<object, ServeEnvArguments> = {
  command: 'env',
  describe: 'Episodes over tasks for trainers: OpenEnv, NeMo-Gym, HTTP (docs/environment-service.md)',
  builder: (command) =>
    command
      .options(SERVE_ENV_OPTIONS)
      .conflicts('socket', ['host', 'port'])
      .conflicts('sandbox-socket', 'runtime')
      .example('$0 serve env --data rows.parquet', 'On http://127.0.0.1:8000, with the reward of the paper')
      .example(
        '$0 serve env --config configs/train/grpo-paper.yaml --data rl/rows.parquet',
        'As that training',
      )
      .example('$0 serve env --data rows.parquet --host 0.0.0.0 --token-file token', 'For other machines'),
  handler: async (given) => {
    const limits = serviceLimitsOf(given)
    const runtime =
      given.runtime === undefined && given['sandbox-socket'] === undefined ? undefined : runtimeOf(given)
    const { serveEnvironment } = await import('./run-environment-service.js')
    await serveEnvironment({
      config: given.config ?? null,
      overrides: { data: given.data, limit: given.limit },
      address: addressOf(given),
      tokenFile: given['token-file'],
      endsWithStdin: given['end-with-stdin'],
      runtime,
      hosts: given.hosts === undefined ? undefined : count('hosts', given.hosts),
      concurrency: count('concurrency', given.concurrency),
      leaseMs: seconds('lease', given.lease),
      drainMs: seconds('drain', given.drain),
      limits,
      logLevel: given['log-level'],
    })
  },
}
