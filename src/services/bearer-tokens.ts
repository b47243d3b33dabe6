import { createHash, timingSafeEqual } from 'node:crypto'
import type { ServiceToken } from '../config/service-tokens.js'

/** Tells whose token a request carries, in a time that says nothing about the tokens. */
export class BearerTokens {
  private readonly tokens: readonly { client: string; hash: Buffer }[]

  constructor(tokens: readonly ServiceToken[]) {
    this.tokens = tokens.map(({ client, token }) => ({ client, hash: hashOf(token) }))
  }

  get isEmpty(): boolean {
    return this.tokens.length === 0
  }

  /** @returns the client, or null where the header holds no token of ours. */
  clientOf(authorization: string | undefined): string | null {
    const given = hashOf(tokenIn(authorization ?? ''))
    let found: string | null = null
    // Every token is compared: where the loop ended would tell which one it was.
    for (const { client, hash } of this.tokens) if (timingSafeEqual(given, hash)) found = client
    return found
  }
}

/** `Bearer TOKEN`, or the password of `Basic`, for clients that know addresses such as http://token:TOKEN@host and no headers. */
function tokenIn(authorization: string): string {
  const [, scheme = '', given = ''] = /^(bearer|basic) +(\S+)$/i.exec(authorization) ?? []
  if (scheme.toLowerCase() === 'bearer') return given
  return Buffer.from(given, 'base64').toString().split(':').slice(1).join(':')
}

/** Of one length, whatever the token's. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
