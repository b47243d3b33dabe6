import { findUsualProgram } from '../config/find-program.js'
import { aptInstall } from './apt-install.js'
import type { ContainerBinary } from './container-engine.js'
import { canInstallPackages } from './distribution.js'
import { buildSandboxImage, hasSandboxImage, imageTag } from './docker-image.js'
import { ensurePythonEnvironment, findPythonEnvironment } from './python-environment.js'
import { findTfjsNode, type TfjsNodeVariant } from '../models/backend/find-tfjs-node.js'
import { ensureTfjsNode } from './tfjs-node.js'
import { ensureTorchEnvironment, findTorchEnvironment } from './torch-environment.js'
import { ensureSandboxRuntime, findReadyRuntime } from './sandbox-runtime.js'

/** `python`: the environment, and bubblewrap as root on Debian or Ubuntu; `torch`: the environment of the torch engine; `docker`: the image alone; `tfjs`: the native backend of the engine; `sandbox` and `all`: whatever a sandbox needs to start here. */
export type SetupComponent = 'python' | 'torch' | 'docker' | 'tfjs' | 'sandbox' | 'all'

/**
 * Install or build what is missing.
 * @returns a sentence on what is there now; null where `isOnlyMissing` was asked and nothing was missing.
 * @throws SandboxError, UsageError with the command to type.
 */
export async function setUp({
  component,
  isOnlyMissing,
  engine,
  baseImage,
  isCuda = false,
  signal,
  onProgress,
}: {
  component: SetupComponent
  isOnlyMissing: boolean
  engine: ContainerBinary
  baseImage?: string | undefined
  /** `tfjs`: with kernels for NVIDIA GPUs. */
  isCuda?: boolean
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<string | null> {
  const variant = isCuda ? 'cuda' : 'cpu'
  if (isOnlyMissing && (await isThere({ component, engine, variant, signal }))) return null
  switch (component) {
    case 'python': {
      const { version, python, site } = await ensurePythonEnvironment({ signal, onProgress })
      // Packages alone run nothing: where one command more makes a sandbox of them, it is given.
      const isMissing = (await findReadyRuntime({ signal })) === null && findUsualProgram('bwrap') === null
      if (isMissing && (await canInstallPackages()))
        await aptInstall({ packages: ['bubblewrap'], signal, onProgress })
      return `Python ${version} (${python}) with the packages of the sandbox: ${site}`
    }
    case 'torch': {
      const { version, python, site, versions } = await ensureTorchEnvironment({ signal, onProgress })
      return `Python ${version} (${python}) with torch ${versions['torch']} and transformers ${versions['transformers']}: ${site}`
    }
    case 'docker': {
      // Somebody who names a base wants the image on that one.
      if (baseImage === undefined && (await hasSandboxImage({ binary: engine, signal })))
        return `${await imageTag()} is ready in ${engine}.`
      const base = baseImage === undefined ? {} : { baseImage }
      return `${await buildSandboxImage({ binary: engine, signal, onProgress, ...base })} is ready in ${engine}.`
    }
    case 'tfjs': {
      const { origin, addon } = await ensureTfjsNode({ variant, signal, onProgress })
      return `The engine's native backend is ready: ${origin} (${addon})`
    }
    case 'sandbox':
    case 'all':
      return `The sandbox can start: ${await ensureSandboxRuntime({ baseImage, signal, onProgress })}.`
  }
}

async function isThere({
  component,
  engine,
  variant,
  signal,
}: {
  component: SetupComponent
  engine: ContainerBinary
  variant: TfjsNodeVariant
  signal: AbortSignal | undefined
}): Promise<boolean> {
  switch (component) {
    case 'python':
      return (await findPythonEnvironment()) !== null
    case 'torch':
      return (await findTorchEnvironment()) !== null
    case 'docker':
      return hasSandboxImage({ binary: engine, signal })
    case 'tfjs':
      return findTfjsNode().some((found) => found.variant === variant)
    case 'sandbox':
    case 'all':
      return (await findReadyRuntime({ signal })) !== null
  }
}
