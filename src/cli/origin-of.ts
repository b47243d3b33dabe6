import { UsageError } from '../core/errors.js'

/**
 * An origin as browsers and apps send it (RFC 6454, section 6.2), such as `https://chat.example` or `vscode-webview://1a2b`: compared letter by letter, so what could
 * never be sent is refused.
 * @throws UsageError that names what was meant, where that can be told.
 */
export function originOf(given: string): string {
  const expected = `--allow-origin: expected an origin such as https://chat.example or http://10.0.0.5:8080, without a path, got ${JSON.stringify(given)}.`
  if (given === 'null')
    throw new UsageError(`${expected} Pages of anybody send null as theirs, so it cannot be allowed.`)
  if (!URL.canParse(given)) throw new UsageError(expected)
  // Not `origin`: of schemes that the URL standard does not know it is null.
  const { protocol, host } = new URL(given)
  const origin = `${protocol}//${host}`
  if (given === origin && (host !== '' || protocol === 'file:')) return origin
  throw new UsageError(host === '' ? expected : `${expected} Write ${origin}.`)
}
