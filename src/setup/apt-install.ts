import { SandboxError } from '../core/errors.js'
import { runCommand } from './run-command.js'

/** Waits for another apt instead of failing beside it. */
const OPTIONS = ['-y', '-o', 'DPkg::Lock::Timeout=300']

/**
 * Install Debian packages, as root.
 * The lists are fetched only when the installation does not work with those that are there.
 * @throws SandboxError with apt's own words.
 */
export async function aptInstall({
  packages,
  signal,
  onProgress,
}: {
  packages: readonly string[]
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<void> {
  const apt = (...args: string[]) =>
    runCommand({
      file: 'apt-get',
      args: [...OPTIONS, ...args],
      env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
      signal,
    })
  const install = () => apt('install', '--no-install-recommends', ...packages)
  onProgress?.(`apt-get install ${packages.join(' ')}`)
  if ((await install()).isOk) return
  onProgress?.('apt-get update')
  const update = await apt('update')
  const result = await install()
  if (result.isOk) return
  const reason = update.isOk ? result.problem : `${update.problem}\n${result.problem}`
  throw new SandboxError(
    `apt-get could not install ${packages.join(' ')}:\n${reason}\nInstall it by hand, then run the command again.`,
  )
}
