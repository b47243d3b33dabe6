import { z } from 'zod'
import { SandboxError } from '../core/errors.js'
import type { Interpreter } from './find-python.js'
import { runCommand } from './run-command.js'

/** Only what the lock names, only wheels, only with the hashes of the lock. */
const OPTIONS = [
  ...['--require-hashes', '--only-binary', ':all:', '--no-deps'],
  ...['--no-input', '--no-warn-script-location', '--progress-bar', 'off'],
]

/** Settings of the user that would stand in the way of --target; an index, proxy or certificate of theirs stays. */
const ENVIRONMENT = {
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_REQUIRE_VIRTUALENV: '0',
  PIP_USER: '0',
  PIP_ROOT_USER_ACTION: 'ignore',
}

const VERSIONS_PROGRAM = `
import json, sys
from importlib.metadata import distributions
site = sys.argv[1]
sys.path.insert(0, site)
for module in sys.argv[2:]:
    __import__(module)
print(json.dumps({d.metadata['Name'].lower(): d.version for d in distributions(path=[site])}))
`

/**
 * Install a lock into a folder, and load modules from it.
 * @returns the version of each package by its name.
 * @throws SandboxError with pip's or Python's own words. @throws AbortError.
 */
export async function pipInstall({
  interpreter,
  lock,
  target,
  imports,
  signal,
  onProgress,
}: {
  interpreter: Interpreter
  /** Path of the lock file. */
  lock: string
  target: string
  /** Modules that must load before the installation counts. */
  imports: readonly string[]
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<Record<string, string>> {
  const { path, pip } = interpreter
  if (pip === null)
    throw new SandboxError(`${path} has no pip. Install pip for it, then run the command again.`)
  const installed = await runCommand({
    file: path,
    args: [...pip, 'install', ...OPTIONS, '--target', target, '--requirement', lock],
    cwd: '/',
    env: ENVIRONMENT,
    onLine: onProgress,
    signal,
  })
  if (!installed.isOk)
    throw new SandboxError(`pip could not install ${lock}:\n${installed.problem}`, { isRetryable: true })
  const loaded = await runCommand({
    file: path,
    args: ['-I', '-B', '-c', VERSIONS_PROGRAM, target, ...imports],
    signal,
  })
  if (!loaded.isOk)
    throw new SandboxError(
      `The packages of ${lock} were installed but do not load in ${path}:\n${loaded.problem}`,
    )
  return z.record(z.string(), z.string()).parse(JSON.parse(loaded.stdout))
}
