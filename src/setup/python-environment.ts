import { join } from 'node:path'
import { cacheDirectory } from '../config/cache-directory.js'
import { chosenCache } from '../config/chosen-cache.js'
import { chosenPython } from '../config/chosen-python.js'
import type { Environment } from '../config/environment.js'
import { requireNativePlatform } from './containment-platform.js'
import { probePython } from './find-python.js'
import { pySandboxDirectory } from './package-paths.js'
import { findPythonPackages, installPythonPackages, type PythonPackages } from './python-packages.js'
import { namedInterpreter, requirePython, type EnvironmentParameters } from './require-python.js'

/** What the sandbox's code runs on where no container image is used: an interpreter, and the packages of requirements.lock. */
export type PythonEnvironment = PythonPackages

/** The Python environment, or null where `codevision setup python` has to run first. Starts no process. */
export async function findPythonEnvironment(): Promise<PythonEnvironment | null> {
  return findPythonPackages({ lock: lockFile('requirements'), python: await namedInterpreter() })
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
