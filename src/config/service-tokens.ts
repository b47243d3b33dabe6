import { readFile, stat } from 'node:fs/promises'
import { UsageError } from '../core/errors.js'
import type { Environment } from './environment.js'

/** Who may use a service: a name for limits and logs, and the secret. */
export interface ServiceToken {
  client: string
  token: string
}

const SHORTEST = 16

/**
 * The bearer tokens of a service: of a file with one token a line, `name:token` where clients are told apart, `#` for remarks; or of
 * CODEVISION_SERVICE_TOKEN. None where neither is given.
 * @throws UsageError for a file that cannot be read, or holds no token of at least 16 characters.
 */
export async function readServiceTokens({
  file,
  environment = process.env,
  onWarning,
}: {
  file: string | undefined
  environment?: Environment
  /** Told of a file that everybody on the machine may read; in a container that is usual. */
  onWarning: (message: string) => void
}): Promise<ServiceToken[]> {
  if (file === undefined) {
    const token = environment['CODEVISION_SERVICE_TOKEN']?.trim() ?? ''
    return token === '' ? [] : [checked({ client: 'client', token }, 'CODEVISION_SERVICE_TOKEN')]
  }
  const text = await readSecret(file, onWarning)
  const tokens = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line, index) => checked(parse(line, index), file))
  if (tokens.length === 0)
    throw new UsageError(
      `--token-file ${file}: expected a token on a line of its own, got none. Make one: openssl rand -hex 32 > ${file}`,
    )
  return tokens
}

async function readSecret(file: string, onWarning: (message: string) => void): Promise<string> {
  try {
    const { mode } = await stat(file)
    if ((mode & 0o004) !== 0)
      onWarning(
        `--token-file ${file}: everybody on this machine can read it. To keep it secret: chmod 600 ${file}`,
      )
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`--token-file ${file} cannot be read: ${(cause as Error).message}.`, { cause })
  }
}

function parse(line: string, index: number): ServiceToken {
  const [, client, token] = /^([A-Za-z0-9._-]{1,64}): *(.*)$/.exec(line) ?? []
  return client === undefined || token === undefined
    ? { client: index === 0 ? 'client' : `client-${index + 1}`, token: line }
    : { client, token }
}

function checked({ client, token }: ServiceToken, where: string): ServiceToken {
  if (token.length < SHORTEST || /\s/.test(token))
    throw new UsageError(
      `${where}: expected tokens of at least ${SHORTEST} characters without spaces, got one of ${token.length}. Make one: openssl rand -hex 32`,
    )
  return { client, token }
}
