import { UsageError } from '../core/errors.js'
import type { SettingNames } from './setting-names.js'

/** A server as a client uses it: addresses, headers, and what must never be shown. */
export interface Endpoint {
  urlOf(path: string): URL
  headers: Readonly<Record<string, string>>
  /** Take keys and header values out of a text that comes from the server. */
  scrub(text: string): string
}

/**
 * Check the address of a server, once. Its query (`?api-version=…`) goes with every request; credentials in it become basic
 * authentication, unless there is a key.
 *
 * @throws UsageError when it is not an http(s) address, or when the key cannot be sent in a header
 */
export function createEndpoint({
  baseUrl,
  apiKey,
  headers,
  names,
}: {
  baseUrl: string
  apiKey: string | null
  headers: Readonly<Record<string, string>>
  names: Pick<SettingNames, 'baseUrl' | 'apiKey'>
}): Endpoint {
  const base = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    throw new UsageError(
      `The base URL of the model's server is not an http(s) address. Set ${names.baseUrl}, for example to http://localhost:8000/v1.`,
    )
  }
  // Node refuses such a header only when it is sent.
  if (apiKey !== null && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new UsageError(
      `The key holds a space, a line break or a character outside ASCII, so it cannot be sent. Set ${names.apiKey} to the key alone.`,
    )
  }
  const secrets = [apiKey, base.password, ...Object.values(headers)].filter(
    (secret): secret is string => secret !== null && secret.length >= 6,
  )
  return {
    urlOf(path) {
      const url = new URL(base)
      url.pathname = `${base.pathname.replace(/\/+$/, '')}/${path}`
      url.hash = ''
      return url
    },
    headers: { ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }), ...headers },
    scrub: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text),
  }
}
