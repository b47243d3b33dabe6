import type { InferredOptionTypes, Options } from 'yargs'
import type { ToolSettings } from '../config/tool-schema.js'
import { UsageError } from '../core/errors.js'
import type { ListenAddress } from '../services/access.js'
import { LONGEST_TEXT_BYTES } from '../services/longest-text.js'
import type { RuntimeChoice } from '../wiring.js'
import { oneOf } from './one-of.js'
import { portOf } from './port-of.js'

const LISTENING = 'Where it listens:'
export const RUNNING = 'How code runs:'
export const LIMITS = 'Limits:'

export const LOG_LEVELS = oneOf('--log-level', ['debug', 'info', 'warn', 'error', 'silent'])

/** Options that every service has. */
export const SERVE_OPTIONS = {
  host: {
    type: 'string',
    describe: 'Address; others than this machine need a token [default: 127.0.0.1]',
    group: LISTENING,
  },
  port: { type: 'number', describe: '0: any that is free [default: 8000]', group: LISTENING },
  socket: { type: 'string', describe: 'Listen on a unix socket instead', group: LISTENING },
  'socket-mode': {
    type: 'string',
    default: '0600',
    describe: 'Permissions of that socket',
    group: LISTENING,
  },
  'token-file': {
    type: 'string',
    describe: 'Bearer tokens, one a line, or name:token; else CODEVISION_SERVICE_TOKEN',
    group: LISTENING,
  },
  'end-with-stdin': {
    type: 'boolean',
    default: false,
    describe: 'End, as at SIGTERM, when standard input does: with a starter that holds it open',
    group: LISTENING,
  },
  'body-mb': { type: 'number', default: 64, describe: 'MiB of a request', group: LIMITS },
  connections: { type: 'number', default: 1024, describe: 'Connections', group: LIMITS },
  'log-level': {
    ...LOG_LEVELS,
    default: 'info' as const,
    describe: 'What is logged on stderr, as JSON lines',
  },
} satisfies Record<string, Options>

export type ServeArguments = InferredOptionTypes<typeof SERVE_OPTIONS>

/** Options of every service in which code runs. */
export const SERVE_CODE_OPTIONS = {
  runtime: {
    ...oneOf('--runtime', ['auto', 'docker', 'podman', 'bubblewrap', 'none']),
    describe: 'How code is contained [default: auto]',
    group: RUNNING,
  },
  'sandbox-socket': {
    type: 'string',
    describe: 'Use sandboxes that already run: a unix socket, or a folder of them',
    group: RUNNING,
  },
  'sessions-per-client': {
    type: 'number',
    describe: 'Open sessions of one client [default: --sessions]',
    group: LIMITS,
  },
  'calls-per-client': {
    type: 'number',
    describe: 'Calls of one client that run or wait [default: --queue]',
    group: LIMITS,
  },
  drain: {
    type: 'number',
    default: 30,
    describe: 'Seconds that running calls get to finish after SIGTERM',
    group: LIMITS,
  },
} satisfies Record<string, Options>

/** The option of services whose clients write the code themselves. */
export const HOST_TOOLS_OPTION = {
  'host-tools': {
    type: 'string',
    describe: 'YAML file of the functions that code may call (docs/host-tools.md)',
    group: RUNNING,
  },
} satisfies Record<string, Options>

/** Options whose values differ between such services. */
export interface CodeLimitArguments extends InferredOptionTypes<
  Pick<typeof SERVE_CODE_OPTIONS, 'sessions-per-client' | 'calls-per-client'>
> {
  sessions: number
  queue: number
  'images-per-session': number
  'held-mb': number
}

/** What such a service grants. @throws UsageError. */
export function codeLimitsOf(given: CodeLimitArguments) {
  const sessions = count('sessions', given.sessions)
  const queue = count('queue', given.queue)
  return {
    sessions,
    queue,
    sessionsPerClient: count('sessions-per-client', given['sessions-per-client'] ?? sessions),
    callsPerClient: count('calls-per-client', given['calls-per-client'] ?? queue),
    imagesPerSession: count('images-per-session', given['images-per-session']),
    heldBytes: count('held-mb', given['held-mb']) * 2 ** 20,
  }
}

/** How code is contained. */
export function runtimeOf({
  runtime = 'auto',
  'sandbox-socket': socket,
}: Partial<
  InferredOptionTypes<Pick<typeof SERVE_CODE_OPTIONS, 'runtime' | 'sandbox-socket'>>
>): RuntimeChoice {
  return socket === undefined ? runtime : { socket }
}

/** The functions that code may call. @throws UsageError naming file, line and key. */
export async function hostToolsOf({
  'host-tools': path,
}: InferredOptionTypes<typeof HOST_TOOLS_OPTION>): Promise<ToolSettings[]> {
  if (path === undefined) return []
  const { readTools } = await import('../config/read-tools.js')
  return readTools(path)
}

/** Where a service listens. @throws UsageError. */
export function addressOf({
  host = '127.0.0.1',
  port = 8000,
  socket,
  'socket-mode': mode,
}: Pick<ServeArguments, 'host' | 'port' | 'socket' | 'socket-mode'>): ListenAddress {
  if (socket === undefined) return { kind: 'tcp', host, port: portOf(port) }
  if (!/^0?[0-7]{3}$/.test(mode))
    throw new UsageError(`--socket-mode: expected three octal digits such as 0660, got ${mode}.`)
  return { kind: 'unix', path: socket, mode: Number.parseInt(mode, 8) }
}

/** Largest request. @throws UsageError. */
export function bodyBytesOf(mebibytes: number): number {
  const bytes = count('body-mb', mebibytes) * 2 ** 20
  if (bytes <= LONGEST_TEXT_BYTES) return bytes
  throw new UsageError(
    `--body-mb: expected at most ${LONGEST_TEXT_BYTES / 2 ** 20}, the longest text that can be read, got ${mebibytes}.`,
  )
}

/** A number of things. @throws UsageError. */
export function count(option: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new UsageError(`--${option}: expected a whole number of at least 1, got ${value}.`)
}

/** @returns milliseconds. @throws UsageError. */
export function seconds(option: string, value: number): number {
  if (value > 0) return value * 1000
  throw new UsageError(`--${option}: expected a positive number of seconds, got ${value}.`)
}
