import type { CommandModule } from 'yargs'
import type { ServiceLimits } from '../services/service-limits.js'
import {
  addressOf,
  bodyBytesOf,
  codeLimitsOf,
  count,
  hostToolsOf,
  runtimeOf,
  seconds,
} from './serve-options.js'
import {
  SERVE_SANDBOX_OPTIONS,
  type ServeSandboxArguments,
  type ServeSessionsArguments,
} from './serve-sandbox-options.js'

export const serveSandboxCommand: CommandModule<object, ServeSandboxArguments> = {
  command: 'sandbox',
  describe: 'Sandbox sessions over HTTP (docs/service.md)',
  builder: (command) =>
    command
      .options(SERVE_SANDBOX_OPTIONS)
      .conflicts('socket', ['host', 'port'])
      .conflicts('sandbox-socket', 'runtime')
      .example('$0 serve sandbox', 'On http://127.0.0.1:8000, for this machine only')
      .example('$0 serve sandbox --socket /run/user/1000/codevision.sock', 'For this user only')
      .example('$0 serve sandbox --host 0.0.0.0 --token-file token', 'For other machines, with a token'),
  handler: async (given) => {
    const limits = serviceLimitsOf(given)
    const tools = await hostToolsOf(given)
    const { serveSandbox } = await import('./run-sandbox-service.js')
    await serveSandbox({
      address: addressOf(given),
      tokenFile: given['token-file'],
      endsWithStdin: given['end-with-stdin'],
      runtime: runtimeOf(given),
      profiles: [...new Set(given.profile)],
      tools,
      hosts: given.hosts === undefined ? undefined : count('hosts', given.hosts),
      concurrency: count('concurrency', given.concurrency),
      timeoutMs: seconds('timeout', given.timeout),
      leaseMs: seconds('lease', given.lease),
      drainMs: seconds('drain', given.drain),
      limits,
      logLevel: given['log-level'],
    })
  },
}

/** What the service grants. @throws UsageError. */
export function serviceLimitsOf(given: ServeSessionsArguments): ServiceLimits {
  return {
    ...codeLimitsOf(given),
    callsPerSession: count('calls-per-session', given['calls-per-session']),
    timeoutMs: seconds('max-timeout', given['max-timeout']),
    bodyBytes: bodyBytesOf(given['body-mb']),
    connections: count('connections', given.connections),
  }
}
