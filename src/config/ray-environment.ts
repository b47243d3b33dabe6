import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../core/errors.js'
import type { Environment } from './environment.js'
import { isThere } from './is-there.js'

/** Where Ray's own command line looks when it is told nothing. */
const DEFAULT_ADDRESS = 'http://127.0.0.1:8265'

/**
 * The dashboard of a Ray cluster, and the token that goes with requests: as given, else by the variables of Ray's own command line: RAY_API_SERVER_ADDRESS, RAY_ADDRESS, RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH; else the token that Ray itself keeps in ~/.ray/auth_token.
 * RAY_ADDRESS may also be that of a driver (`host:6379`, `auto`), which is none of ours: only http(s) addresses count.
 * @throws UsageError for a file that cannot be read, or holds nothing.
 */
export async function rayDashboard({
  address,
  tokenFile,
  environment = process.env,
  home = homedir(),
}: {
  address?: string | undefined
  tokenFile?: string | undefined
  environment?: Environment
  home?: string
}): Promise<{ address: string; token: string | null }> {
  const read = (name: string): string | undefined => {
    const value = environment[name]?.trim()
    return value === '' ? undefined : value
  }
  const isHttp = (one: string | undefined): boolean => one !== undefined && /^https?:\/\//i.test(one)
  const named = [read('RAY_API_SERVER_ADDRESS'), read('RAY_ADDRESS')].find(isHttp)
  const where = { address: address ?? named ?? DEFAULT_ADDRESS }
  if (tokenFile !== undefined) return { ...where, token: await readToken('--token-file', tokenFile) }
  const token = read('RAY_AUTH_TOKEN')
  const path = read('RAY_AUTH_TOKEN_PATH')
  if (token !== undefined) return { ...where, token }
  if (path !== undefined) return { ...where, token: await readToken('RAY_AUTH_TOKEN_PATH', path) }
  const kept = join(home, '.ray', 'auth_token')
  return { ...where, token: (await isThere(kept)) ? await readToken('The token of Ray,', kept) : null }
}

async function readToken(option: string, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${option} ${path} cannot be read: ${String(cause)}`, { cause })
  })
  if (text.trim() !== '') return text.trim()
  throw new UsageError(`${option} ${path}: expected the cluster's token, got nothing.`)
}
