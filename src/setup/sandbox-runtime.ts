import { findUsualProgram } from '../config/find-program.js'
import { SandboxError } from '../core/errors.js'
import { aptInstall } from './apt-install.js'
import { checkBubblewrap } from './bubblewrap.js'
import { CONTAINER_BINARIES, checkEngine, type ContainerBinary } from './container-engine.js'
import { thisPlatform, whyContainersOnly } from './containment-platform.js'
import { canInstallPackages } from './distribution.js'
import { buildSandboxImage, hasSandboxImage } from './docker-image.js'
import { ensurePythonEnvironment, findPythonEnvironment } from './python-environment.js'

/** A runtime with everything that it needs. */
export type ReadyRuntime = 'bubblewrap' | ContainerBinary

interface Parameters {
  /** Base of a sandbox image that has to be built. */
  baseImage?: string | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}

/** The first runtime in which a sandbox can start now: bubblewrap with its Python environment, or an engine that has the image. Changes nothing. */
export async function findReadyRuntime({
  signal,
}: Pick<Parameters, 'signal'> = {}): Promise<ReadyRuntime | null> {
  if ((await findPythonEnvironment()) !== null && (await checkBubblewrap({ signal })).status === 'ok')
    return 'bubblewrap'
  for (const binary of CONTAINER_BINARIES) if (await hasSandboxImage({ binary, signal })) return binary
  return null
}

/**
 * See to it that a sandbox can start: by what is here already where that will do, else by building the image for an engine that answers, else by
 * installing bubblewrap as root on Debian or Ubuntu.
 * @throws SandboxError with what was found and the commands to type.
 */
export async function ensureSandboxRuntime(parameters: Parameters = {}): Promise<ReadyRuntime> {
  const { signal, onProgress } = parameters
  const ready = await findReadyRuntime({ signal })
  if (ready !== null) return ready
  const reasons: string[] = []
  const only = whyContainersOnly(thisPlatform())
  if (only === null) {
    const isReady = await attempt({ reasons, what: 'bubblewrap', run: () => prepareBubblewrap(parameters) })
    if (isReady) return 'bubblewrap'
  } else reasons.push(only)
  for (const binary of CONTAINER_BINARIES) {
    const isReady = await attempt({
      reasons,
      what: binary,
      run: () => prepareEngine({ binary, ...parameters }),
    })
    if (isReady) return binary
  }
  // What is installed beside PATH is not missing.
  if (only === null && findUsualProgram('bwrap') === null && (await canInstallPackages())) {
    const isReady = await attempt({
      reasons,
      what: 'bubblewrap, with apt-get',
      run: async () => {
        await aptInstall({ packages: ['bubblewrap'], signal, onProgress })
        await prepareBubblewrap(parameters)
      },
    })
    if (isReady) return 'bubblewrap'
  }
  throw new SandboxError(
    `The sandbox needs bubblewrap with Python 3.11, or Docker, or Podman:\n${reasons.map((reason) => `- ${reason}`).join('\n')}`,
  )
}

async function prepareBubblewrap({ signal, onProgress }: Parameters): Promise<void> {
  const check = await checkBubblewrap({ signal })
  if (check.status !== 'ok') throw new SandboxError(`${check.problem}. To correct it: ${check.fix}`)
  await ensurePythonEnvironment({ signal, onProgress })
}

async function prepareEngine({
  binary,
  baseImage,
  signal,
  onProgress,
}: Parameters & { binary: ContainerBinary }): Promise<void> {
  const engine = await checkEngine({ binary, signal })
  if (engine.status !== 'ok') throw new SandboxError(`${engine.problem}. To correct it: ${engine.fix}`)
  const tag = await buildSandboxImage({
    binary,
    signal,
    onProgress,
    ...(baseImage === undefined ? {} : { baseImage }),
  })
  onProgress?.(`${tag} is built`)
}

/** Whether one way works; why not, otherwise, for the message when none does. */
async function attempt({
  reasons,
  what,
  run,
}: {
  reasons: string[]
  what: string
  run: () => Promise<void>
}): Promise<boolean> {
  try {
    await run()
    return true
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error
    reasons.push(`${what}: ${error.message}`)
    return false
  }
}
