import { BlockList, isIP } from 'node:net'
import { UsageError } from '../core/errors.js'
import type { BearerTokens } from './bearer-tokens.js'
import { ServiceError } from './service-error.js'

/** Where a service listens. */
export type ListenAddress =
  | { kind: 'tcp'; host: string; port: number }
  /** `mode`: permissions of the socket file, such as 0o600. */
  | { kind: 'unix'; path: string; mode: number }

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whoever reaches the service makes it run code, so without a token only this machine may. @throws UsageError. */
export function requireProtection({
  address,
  tokens,
}: {
  address: ListenAddress
  tokens: BearerTokens
}): void {
  if (!tokens.isEmpty || address.kind === 'unix' || isLoopback(address.host)) return
  throw new UsageError(
    `--host ${address.host} can be reached from other machines, so a token is needed: --token-file FILE or CODEVISION_SERVICE_TOKEN (openssl rand -hex 32 makes one). ` +
      'Without a token: --host 127.0.0.1, or --socket PATH.',
  )
}

export interface Caller {
  authorization: string | undefined
  host: string | undefined
  remoteAddress: string | undefined
}

/**
 * Who asks: the name of the token, or the address where no token is asked for (`local` on a unix socket).
 * @throws ServiceError (401, 403).
 */
export function identify({
  caller,
  tokens,
  address,
}: {
  caller: Caller
  tokens: BearerTokens
  address: ListenAddress
}): string {
  if (tokens.isEmpty) {
    expectLocalName(caller, address)
    return caller.remoteAddress ?? 'local'
  }
  const client = tokens.clientOf(caller.authorization)
  if (client !== null) return client
  throw new ServiceError({
    status: 401,
    code: caller.authorization === undefined ? 'token_missing' : 'token_wrong',
    message: 'This service asks for a token that it knows.',
    hint: 'Send the header Authorization: Bearer TOKEN.',
  })
}

/** A page in a browser of this machine could name its own host's address 127.0.0.1; the Host header gives it away. */
export function expectLocalName({ host }: Pick<Caller, 'host'>, address: ListenAddress): void {
  if (address.kind === 'unix' || host === undefined) return
  const name = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')
  if (isLoopback(name)) return
  throw new ServiceError({
    status: 403,
    code: 'foreign_host',
    message: `Without a token the service answers requests to localhost only, not to ${name.slice(0, 100)}.`,
    hint: 'Use http://127.0.0.1, or start the service with a token.',
  })
}

/**
 * A browser says which page a request comes from. Whatever token it may hold, a page of another machine must not make this one run code; programs send no origin.
 * @throws ServiceError (403).
 */
export function expectKnownOrigin({
  origin,
  origins,
}: {
  origin: string | undefined
  /** Those that are known beside pages of this machine, such as `https://chat.example`. */
  origins: readonly string[]
}): void {
  if (origin === undefined || origins.includes(origin)) return
  const host = URL.canParse(origin) ? new URL(origin).hostname.replace(/^\[(.*)\]$/, '$1') : ''
  if (isLoopback(host)) return
  throw new ServiceError({
    status: 403,
    code: 'foreign_origin',
    message: `Requests from pages of ${origin.slice(0, 100)} are not answered.`,
    hint: 'If that page is yours, start the service with --allow-origin and what its requests have as Origin.',
  })
}

function isLoopback(host: string): boolean {
  const version = isIP(host)
  return version === 0 ? host === 'localhost' : LOOPBACK.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
