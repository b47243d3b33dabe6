import { join } from 'node:path'
import { chosenTorchPython } from '../config/chosen-torch-python.js'
import { ownTorchPython } from './own-torch-python.js'
import { findPythonPackages, installPythonPackages, type PythonPackages } from './python-packages.js'
import { pyEngineDirectory } from './package-paths.js'
import { namedInterpreter, requirePython, type EnvironmentParameters } from './require-python.js'

/** What is fetched and installed for it, as it was measured (x86-64). */
const COST = 'about 2.5 GB to download and 5.5 GB in the cache: two minutes on a fast line'

/**
 * What the torch engine runs on, or null where `codevision setup python --torch` has to run first: the interpreter that CODEVISION_TORCH_PYTHON names, with the packages that it has, else those of the lock.
 * @throws UsageError where the named one will not do.
 */
export async function findTorchEnvironment(): Promise<PythonPackages | null> {
  const own = chosenTorchPython()
  if (own !== undefined) return ownTorchPython({ name: own })
  return findPythonPackages({ lock: lockFile(), python: await namedInterpreter() })
}

/**
 * The same, made where it is missing and none is named: in the cache, from wheels whose hashes the lock holds. Nothing else ever installs it.
 * @throws SandboxError where Python 3.11 or pip is missing or the packages cannot be installed. @throws UsageError where PYTHON names another version.
 */
export async function ensureTorchEnvironment({
  signal,
  onProgress,
}: EnvironmentParameters = {}): Promise<PythonPackages> {
  const found = await findTorchEnvironment()
  if (found !== null) return found
  const interpreter = await requirePython({ signal, onProgress })
  onProgress?.(`the packages of the torch engine (PyTorch for CUDA, transformers, peft) are ${COST}`)
  return installPythonPackages({
    lock: lockFile(),
    interpreter,
    imports: ['torch', 'transformers', 'peft', 'safetensors'],
    signal,
    onProgress,
  })
}

function lockFile(): string {
  return join(pyEngineDirectory(), 'requirements.lock')
}
