import type { CommandModule } from 'yargs'
import { UsageError } from '../core/errors.js'
import type { ListenAddress } from '../services/access.js'
import type { ServiceLimits } from '../services/service-limits.js'
import type { RuntimeChoice } from '../wiring.js'
import { SERVE_SANDBOX_OPTIONS, type ServeSandboxArguments } from './serve-sandbox-options.js'

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
    const limits = limitsOf(given)
    const { serveSandbox } = await import('./run-sandbox-service.js')
    await serveSandbox({
      address: addressOf(given),
      tokenFile: given['token-file'],
      runtime: runtimeOf(given),
      profiles: [...new Set(given.profile)],
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

function addressOf({
  host = '127.0.0.1',
  port = 8000,
  socket,
  'socket-mode': mode,
}: ServeSandboxArguments): ListenAddress {
  if (socket === undefined) return { kind: 'tcp', host, port }
  if (!/^0?[0-7]{3}$/.test(mode))
    throw new UsageError(`--socket-mode: expected three octal digits such as 0660, got ${mode}.`)
  return { kind: 'unix', path: socket, mode: Number.parseInt(mode, 8) }
}

function runtimeOf({ runtime = 'auto', 'sandbox-socket': socket }: ServeSandboxArguments): RuntimeChoice {
  return socket === undefined ? runtime : { socket }
}

function limitsOf(given: ServeSandboxArguments): ServiceLimits {
  const sessions = count('sessions', given.sessions)
  const queue = count('queue', given.queue)
  return {
    sessions,
    queue,
    sessionsPerClient: count('sessions-per-client', given['sessions-per-client'] ?? sessions),
    callsPerClient: count('calls-per-client', given['calls-per-client'] ?? queue),
    imagesPerSession: count('images-per-session', given['images-per-session']),
    callsPerSession: count('calls-per-session', given['calls-per-session']),
    timeoutMs: seconds('max-timeout', given['max-timeout']),
    heldBytes: count('held-mb', given['held-mb']) * 2 ** 20,
    bodyBytes: count('body-mb', given['body-mb']) * 2 ** 20,
    connections: count('connections', given.connections),
  }
}

function count(option: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new UsageError(`--${option}: expected a whole number of at least 1, got ${value}.`)
}

/** @returns milliseconds. */
function seconds(option: string, value: number): number {
  if (value > 0) return value * 1000
  throw new UsageError(`--${option}: expected a positive number of seconds, got ${value}.`)
}
