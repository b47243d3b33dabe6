import { lookup as resolveName } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { errorCode } from '../../core/error-code.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import { ServiceError } from '../service-error.js'
import { cannotOpen, fileTooLarge } from './refusals.js'

export interface FetchImageParameters {
  url: string
  /** Whether an IP address may be asked. */
  mayConnect: (address: string) => boolean
  maxBytes: number
  /** For all of it, redirections included. */
  timeoutMs: number
  signal: AbortSignal
  /** The addresses of a host name; tests give their own. */
  resolve?: (host: string) => Promise<readonly { address: string; family: number }[]>
}

const MOST_REDIRECTIONS = 4

/**
 * The bytes at an http or https address. The addresses of its host are looked up once and checked, and the connection goes to those: a name cannot mean one
 * machine to the check and another to the connection. Each redirection is checked as the first address was.
 * @throws ServiceError (422); the signal's reason.
 */
export async function fetchImage(parameters: FetchImageParameters): Promise<Buffer> {
  const { url, timeoutMs, signal } = parameters
  const deadline = AbortSignal.timeout(timeoutMs)
  const either = AbortSignal.any([signal, deadline])
  let current = checkedUrl(url)
  try {
    for (let redirections = 0; ; redirections++) {
      const response = await ask(current, parameters, either)
      const next = redirectionOf(response)
      if (next === null) return await bodyOf(response, current, parameters)
      response.destroy()
      if (redirections === MOST_REDIRECTIONS)
        throw refused(current, `redirects more than ${MOST_REDIRECTIONS} times`)
      current = checkedUrl(new URL(next, current).href)
    }
  } catch (error) {
    signal.throwIfAborted()
    if (deadline.aborted) throw refused(current, `did not give the image within ${timeoutMs / 1000} s`, error)
    if (error instanceof ServiceError) throw error
    throw refused(current, `cannot be reached (${errorCode(error) ?? (error as Error).message})`, error)
  }
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw cannotOpen({
      message: `url: expected an address that begins with http:// or https://, got ${text.slice(0, 200)}.`,
      hint: 'For a file of this machine use path, for an image at hand use data.',
    })
  if (url.username !== '' || url.password !== '')
    throw cannotOpen({ message: 'url: it holds a name or password.', hint: 'Leave them out.' })
  return url
}

async function ask(
  url: URL,
  { mayConnect, resolve = resolveAll }: FetchImageParameters,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const version = isIP(host)
  signal.throwIfAborted()
  const addresses =
    version === 0 ? await unlessAborted(resolve(host), signal) : [{ address: host, family: version }]
  if (addresses.length === 0 || !addresses.every(({ address }) => mayConnect(address)))
    throw refused(url, 'leads to an address that may not be opened: it is not of the public internet')
  const lookup: LookupFunction = (_name, options, callback) => {
    const [first] = addresses
    if (options.all === true) callback(null, [...addresses])
    else callback(null, first?.address ?? '', first?.family)
  }
  return new Promise((fulfil, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      ...{ lookup, signal, agent: false },
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'codevision' },
    })
    request.once('response', fulfil).once('error', reject).end()
  })
}

async function resolveAll(host: string): Promise<{ address: string; family: number }[]> {
  return resolveName(host, { all: true })
}

function redirectionOf({ statusCode = 0, headers: { location } }: IncomingMessage): string | null {
  return [301, 302, 303, 307, 308].includes(statusCode) && location !== undefined ? location : null
}

async function bodyOf(
  response: IncomingMessage,
  url: URL,
  { maxBytes }: FetchImageParameters,
): Promise<Buffer> {
  try {
    if (response.statusCode !== 200) throw refused(url, `answers with status ${response.statusCode}`)
    const announced = Number(response.headers['content-length'] ?? 0)
    if (announced > maxBytes) throw fileTooLarge({ what: shown(url), limit: maxBytes })
    const parts: Buffer[] = []
    let size = 0
    for await (const part of response) {
      parts.push(part as Buffer)
      size += (part as Buffer).length
      if (size > maxBytes) throw fileTooLarge({ what: shown(url), limit: maxBytes })
    }
    return Buffer.concat(parts)
  } finally {
    response.destroy()
  }
}

function refused(url: URL, what: string, cause?: unknown): ServiceError {
  return cannotOpen({ message: `${shown(url)} ${what}.`, hint: 'Check the address.', cause })
}

/** Without its query, which may hold secrets. */
function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`.slice(0, 200)
}
