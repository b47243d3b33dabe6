import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory } from '../config/cache-directory.js'
import { chosenCache } from '../config/chosen-cache.js'
import { chosenPython } from '../config/chosen-python.js'
import type { Environment } from '../config/environment.js'
import { SandboxError } from '../core/errors.js'
import { aptInstall } from './apt-install.js'
import { requireNativePlatform } from './containment-platform.js'
import { canInstallPackages, installCommand, thisFamily } from './distribution.js'
import { findPython, probePython, type Interpreter } from './find-python.js'
import { pySandboxDirectory } from './package-paths.js'
import { findPythonPackages, installPythonPackages, type PythonPackages } from './python-packages.js'

/** What the sandbox's code runs on where no container image is used: an interpreter, and the packages of requirements.lock. */
export type PythonEnvironment = PythonPackages

export interface EnvironmentParameters {
  signal?: AbortSignal | undefined
  /** What is being done, a line at a time. */
  onProgress?: ((message: string) => void) | undefined
}

/** The Python environment, or null where `codevision setup python` has to run first. Starts no process. */
export async function findPythonEnvironment(): Promise<PythonEnvironment | null> {
  const chosen = chosenPython()
  // A bare name in PYTHON cannot be compared without a search; then whatever was installed for it is the newest.
  const python = chosen?.includes('/') === true ? await realpath(chosen).catch(() => chosen) : undefined
  return findPythonPackages({ lock: lockFile('requirements'), python })
}

/** Where it was looked for and is not, naming the variables that decide so: `in /mnt/cache/python (CODEVISION_CACHE)`. */
export function whereNoPythonEnvironment(environment?: Environment): string {
  const folder = join(cacheDirectory(environment), 'python')
  const by = chosenCache(environment) === undefined ? '' : ' (CODEVISION_CACHE)'
  const python = chosenPython(environment)
  return `in ${folder}${by}${python === undefined ? '' : ` for ${python} (PYTHON)`}`
}

/**
 * The Python environment, made where it is missing: in the cache, from wheels whose hashes the lock holds. Seconds at first, nothing later.
 * As root on Debian or Ubuntu a missing interpreter or pip is installed as well.
 * @throws SandboxError where Python 3.11 or pip is missing or the packages cannot be installed, with the command to type.
 * @throws UsageError where PYTHON names another version.
 */
export async function ensurePythonEnvironment({
  signal,
  onProgress,
}: EnvironmentParameters = {}): Promise<PythonEnvironment> {
  const found = await findPythonEnvironment()
  if (found !== null) return found
  requireNativePlatform()
  const interpreter = await requirePython({ signal, onProgress })
  return installPythonPackages({
    lock: lockFile('requirements'),
    interpreter,
    imports: ['PIL', 'numpy', 'cv2'],
    signal,
    onProgress,
  })
}

/** The Python environment, and beside it the packages with which py_sandbox's own tests run. */
export async function ensurePythonTestEnvironment(
  parameters: EnvironmentParameters = {},
): Promise<{ environment: PythonEnvironment; tests: PythonPackages }> {
  const environment = await ensurePythonEnvironment(parameters)
  const earlier = await findPythonPackages({
    lock: lockFile('requirements-test'),
    python: environment.python,
  })
  if (earlier !== null) return { environment, tests: earlier }
  const probe = await probePython({ name: environment.python, signal: parameters.signal })
  const interpreter = probe.status === 'ok' ? probe.interpreter : await requirePython(parameters)
  const tests = await installPythonPackages({
    lock: lockFile('requirements-test'),
    interpreter,
    imports: ['pytest'],
    ...parameters,
  })
  return { environment, tests }
}

function lockFile(name: 'requirements' | 'requirements-test'): string {
  return join(pySandboxDirectory(), `${name}.lock`)
}

async function requirePython({ signal, onProgress }: EnvironmentParameters): Promise<Interpreter> {
  const isInstallable = chosenPython() === undefined && (await canInstallPackages())
  const found = await findPython({ signal }).catch(async (error: unknown) => {
    if (!isInstallable || !(error instanceof SandboxError)) throw error
    // Not every release has a package of it: then the first error says more than apt's.
    await aptInstall({ packages: ['python3.11', 'python3-pip'], signal, onProgress }).catch(
      (cause: unknown) => {
        if (cause instanceof SandboxError) throw new SandboxError(error.message, { cause })
        throw cause
      },
    )
    return findPython({ signal })
  })
  if (found.pip !== null) return found
  if (isInstallable) {
    await aptInstall({ packages: ['python3-pip'], signal, onProgress })
    const again = await findPython({ signal })
    if (again.pip !== null) return again
  }
  const command =
    installCommand({ family: await thisFamily(), program: 'pip' }) ?? `${found.path} -m ensurepip`
  throw new SandboxError(`${found.path} (Python ${found.version}) has no pip. Install it with: ${command}`)
}
