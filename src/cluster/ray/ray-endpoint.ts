import { UsageError } from '../../core/errors.js'

/** The dashboard of a Ray cluster as a client uses it. */
export interface RayEndpoint {
  /** For messages: without credentials. */
  readonly address: string
  urlOf(path: string): URL
  headers: Readonly<Record<string, string>>
  /** Take the token out of a text that comes from the server. */
  scrub(text: string): string
}

/** Check the address of a dashboard, once; a path in it (of a proxy) stays in front of ours. @throws UsageError where it is none, or where the token cannot be sent. */
export function createRayEndpoint({
  address,
  token,
}: {
  address: string
  token: string | null
}): RayEndpoint {
  const base = URL.canParse(address) ? new URL(address) : null
  if (base === null || !['http:', 'https:'].includes(base.protocol))
    throw new UsageError(
      `--address: expected the http(s) address of a Ray dashboard, such as http://127.0.0.1:8265, got ${JSON.stringify(address)}. RAY_API_SERVER_ADDRESS says it too.`,
    )
  if (token !== null && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(
      'The token of the cluster holds a space, a line break or a character outside ASCII, so it cannot be sent. Set RAY_AUTH_TOKEN to the token alone.',
    )
  const root = base.pathname.replace(/\/+$/, '')
  const secrets = [token, base.password].filter((one): one is string => one !== null && one !== '')
  return {
    address: `${base.origin}${root}`,
    urlOf(path) {
      const url = new URL(base)
      const [pathname = '', query = ''] = path.split('?')
      url.pathname = `${root}${pathname}`
      url.search = query
      url.hash = ''
      return url
    },
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    scrub: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text),
  }
}
