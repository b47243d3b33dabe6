import { availableParallelism } from 'node:os'
import { containerEnvironment } from './config/container-environment.js'
import { SandboxError } from './core/errors.js'
import type { Sandbox, SandboxProfile } from './core/sandbox.js'
import { bubblewrapRuntime } from './sandbox/bubblewrap.js'
import { containerRuntime } from './sandbox/container.js'
import { SandboxPool } from './sandbox/pool.js'
import { runningHostRuntime } from './sandbox/running-host.js'
import type { PythonParts, Runtime } from './sandbox/runtime.js'
import type { SandboxLimits } from './sandbox/session.js'
import { uncontainedRuntime } from './sandbox/uncontained.js'
import { hasSandboxImage, imageTag } from './setup/docker-image.js'
import { pySandboxDirectory, pythoniaPackage } from './setup/package-paths.js'
import { findPythonEnvironment } from './setup/python-environment.js'
import { findReadyRuntime } from './setup/sandbox-runtime.js'

/** How code is contained; `auto` takes the first of bubblewrap, Docker and Podman that is ready, and never `none`. */
export type RuntimeChoice = 'auto' | 'docker' | 'podman' | 'bubblewrap' | 'none' | { socket: string }

export interface CreateSandboxOptions {
  /** Default `auto`. */
  runtime?: RuntimeChoice
  /** `standard` (default): what the paper describes; `release`: what the released environment really does. */
  profile?: SandboxProfile
  /** Hosts, each with a zygote of its own; default 1. */
  hosts?: number
  /** Calls that run at the same time in each host; default: one per processor. */
  concurrency?: number
  /** Defaults: 10 s and 1 GiB a call, results up to 64 Mpx, inputs up to 128 Mpx. */
  limits?: Partial<SandboxLimits>
  /** Told of what the caller should know, such as that nothing is contained. */
  onWarning?: (message: string) => void
}

export const DEFAULT_LIMITS: SandboxLimits = {
  timeoutMs: 10_000,
  memoryBytes: 2 ** 30,
  maxResultPixels: 64e6,
  maxInputPixels: 128e6,
}

const UNCONTAINED =
  'Warning: runtime none: the code is NOT contained and can reach whatever this user can. Use it for code you trust only.'

/**
 * Start a sandbox.
 * @throws SandboxError when the runtime is not ready, with the command that makes it so.
 */
export async function createSandbox(options: CreateSandboxOptions = {}): Promise<Sandbox> {
  return openSandboxPool(options)
}

/** The same, with what only this project's own tools use. */
export async function openSandboxPool({
  runtime = 'auto',
  profile = 'standard',
  hosts = 1,
  concurrency = availableParallelism(),
  limits = {},
  onWarning = (message) => process.emitWarning(message),
}: CreateSandboxOptions = {}): Promise<SandboxPool> {
  if (runtime === 'none') onWarning(UNCONTAINED)
  return SandboxPool.open({
    runtime: await resolveRuntime(runtime),
    profile,
    hosts,
    concurrency,
    limits: { ...DEFAULT_LIMITS, ...limits },
  })
}

/** The driver of a choice, with what it needs from this machine. @throws SandboxError when it is not ready. */
export async function resolveRuntime(choice: RuntimeChoice): Promise<Runtime> {
  if (typeof choice === 'object') return runningHostRuntime({ path: choice.socket })
  switch (choice) {
    case 'auto': {
      const ready = await findReadyRuntime()
      if (ready === null) {
        throw new SandboxError(
          'No sandbox can start here yet: neither bubblewrap with its Python environment nor a container image is ready. Run: npx codevision setup',
        )
      }
      return resolveRuntime(ready)
    }
    case 'docker':
    case 'podman': {
      if (!(await hasSandboxImage({ binary: choice }))) {
        throw new SandboxError(
          `The sandbox image ${await imageTag()} is not there, or ${choice} does not answer. Run: npx codevision setup docker --engine ${choice}`,
        )
      }
      return containerRuntime({
        binary: choice,
        image: await imageTag(),
        environment: containerEnvironment(),
      })
    }
    case 'bubblewrap':
      return bubblewrapRuntime({ python: await pythonParts() })
    case 'none':
      return uncontainedRuntime({ python: await pythonParts() })
  }
}

async function pythonParts(): Promise<PythonParts> {
  const environment = await findPythonEnvironment()
  if (environment === null)
    throw new SandboxError(
      "The sandbox's Python environment is not there yet. Run: npx codevision setup python",
    )
  const { python, basePrefix, site } = environment
  return {
    executable: python,
    basePrefix,
    site,
    sandboxPackage: pySandboxDirectory(),
    pythonia: pythoniaPackage().python,
  }
}
