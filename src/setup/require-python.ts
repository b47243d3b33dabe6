import { realpath } from 'node:fs/promises'
import { chosenPython } from '../config/chosen-python.js'
import { SandboxError } from '../core/errors.js'
import { aptInstall } from './apt-install.js'
import { canInstallPackages, installCommand, thisFamily } from './distribution.js'
import { findPython, type Interpreter } from './find-python.js'

export interface EnvironmentParameters {
  signal?: AbortSignal | undefined
  /** What is being done, a line at a time. */
  onProgress?: ((message: string) => void) | undefined
}

/** The interpreter that PYTHON names by a path, as installations record it; undefined where it names none, or a bare name, which cannot be compared without a search. */
export async function namedInterpreter(): Promise<string | undefined> {
  const chosen = chosenPython()
  return chosen?.includes('/') === true ? await realpath(chosen).catch(() => chosen) : undefined
}

/**
 * A Python 3.11 with pip. As root on Debian or Ubuntu what is missing is installed.
 * @throws SandboxError where it is missing, with the command to type. @throws UsageError where PYTHON names another version.
 */
export async function requirePython({ signal, onProgress }: EnvironmentParameters): Promise<Interpreter> {
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
