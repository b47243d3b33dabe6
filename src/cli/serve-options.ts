import type { InferredOptionTypes, Options } from 'yargs'
import { UsageError } from '../core/errors.js'
import type { ListenAddress } from '../services/access.js'
import { oneOf } from './one-of.js'

const LISTENING = 'Where it listens:'
export const LIMITS = 'Limits:'

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
  'body-mb': { type: 'number', default: 64, describe: 'MiB of a request', group: LIMITS },
  connections: { type: 'number', default: 1024, describe: 'Connections', group: LIMITS },
  'log-level': {
    ...oneOf('--log-level', ['debug', 'info', 'warn', 'error', 'silent']),
    default: 'info' as const,
    describe: 'What is logged on stderr, as JSON lines',
  },
} satisfies Record<string, Options>

export type ServeArguments = InferredOptionTypes<typeof SERVE_OPTIONS>

/** Where a service listens. @throws UsageError. */
export function addressOf({
  host = '127.0.0.1',
  port = 8000,
  socket,
  'socket-mode': mode,
}: Pick<ServeArguments, 'host' | 'port' | 'socket' | 'socket-mode'>): ListenAddress {
  if (socket === undefined) return { kind: 'tcp', host, port }
  if (!/^0?[0-7]{3}$/.test(mode))
    throw new UsageError(`--socket-mode: expected three octal digits such as 0660, got ${mode}.`)
  return { kind: 'unix', path: socket, mode: Number.parseInt(mode, 8) }
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
