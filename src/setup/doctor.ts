import { release } from 'node:os'
import { SandboxError, UsageError } from '../core/errors.js'
import { examineBackend } from './examine-backend.js'
import { checkBubblewrap, type RuntimeCheck } from './bubblewrap.js'
import { CONTAINER_BINARIES, checkEngine, type ContainerBinary } from './container-engine.js'
import { thisPlatform, whyContainersOnly, type Platform } from './containment-platform.js'
import { hasSandboxImage, imageTag } from './docker-image.js'
import type { Finding } from './finding.js'
import { findPython } from './find-python.js'
import { findPythonEnvironment, whereNoPythonEnvironment } from './python-environment.js'
import { runCommand } from './run-command.js'
import { findTorchEnvironment } from './torch-environment.js'
import type { ReadyRuntime } from './sandbox-runtime.js'

export interface Diagnosis {
  findings: readonly Finding[]
  /** The runtimes in which a sandbox can start now. Empty: none, and the fixes say what to do. */
  runtimes: readonly ReadyRuntime[]
}

/** Find out what works on this machine. Changes nothing. */
export async function examine({ signal }: { signal?: AbortSignal } = {}): Promise<Diagnosis> {
  const platform = thisPlatform()
  const [python, bubblewrap, engines, gpu] = await Promise.all([
    examinePython({ platform, signal }),
    examineBubblewrap({ platform, signal }),
    Promise.all(CONTAINER_BINARIES.map((binary) => examineEngine({ binary, signal }))),
    examineGpu({ signal }),
  ])
  const runtimes: ReadyRuntime[] = [
    ...(python.status === 'ok' && bubblewrap.status === 'ok' ? (['bubblewrap'] as const) : []),
    ...engines.flatMap(({ binary, image }) => (image?.status === 'ok' ? [binary] : [])),
  ]
  const containers = engines.flatMap(({ engine, image }) => (image === null ? [engine] : [engine, image]))
  return {
    findings: [
      examineNode(),
      describePlatform(platform),
      python,
      bubblewrap,
      ...containers,
      gpu,
      await examineBackend({ hasGpu: gpu.status === 'ok', signal }),
      await examineTorch(),
    ],
    runtimes,
  }
}

function examineNode(): Finding {
  return { name: 'node', status: 'ok', detail: process.version, versions: { node: process.versions.node } }
}

function describePlatform(platform: Platform): Finding {
  const reason = whyContainersOnly(platform)
  const detail = `${platform.system} ${release()} ${platform.architecture}`
  return { name: 'platform', status: 'ok', detail: reason === null ? detail : `${detail}: ${reason}` }
}

async function examinePython({
  platform,
  signal,
}: {
  platform: Platform
  signal: AbortSignal | undefined
}): Promise<Finding> {
  const name = 'python'
  const environment = await findPythonEnvironment()
  if (environment !== null) {
    const versions = { python: environment.version, ...environment.versions }
    const list = Object.entries(environment.versions).map(([key, version]) => `${key} ${version}`)
    const detail = `${environment.version} (${environment.python}), ${list.join(', ')}`
    return { name, status: 'ok', detail, versions }
  }
  const reason = whyContainersOnly(platform)
  if (reason !== null)
    return { name, status: 'missing', detail: `not needed: ${reason}`, fix: 'codevision setup docker' }
  try {
    const { version, path } = await findPython({ signal })
    const detail = `Python ${version} (${path}) is here, the sandbox's packages are not installed ${whereNoPythonEnvironment()}`
    return { name, status: 'missing', detail, fix: 'codevision setup python' }
  } catch (error) {
    if (!(error instanceof SandboxError || error instanceof UsageError)) throw error
    return { name, status: 'missing', detail: error.message, fix: 'then: codevision setup python' }
  }
}

async function examineBubblewrap({
  platform,
  signal,
}: {
  platform: Platform
  signal: AbortSignal | undefined
}): Promise<Finding> {
  const reason = whyContainersOnly(platform)
  if (reason !== null)
    return {
      name: 'bubblewrap',
      status: 'missing',
      detail: `not supported: ${reason}`,
      fix: 'codevision setup docker',
    }
  return fromRuntime({ name: 'bubblewrap', check: await checkBubblewrap({ signal }) })
}

async function examineEngine({
  binary,
  signal,
}: {
  binary: ContainerBinary
  signal: AbortSignal | undefined
}): Promise<{ binary: ContainerBinary; engine: Finding; image: Finding | null }> {
  const check = await checkEngine({ binary, signal })
  const engine = fromRuntime({ name: binary, check })
  if (check.status !== 'ok') return { binary, engine, image: null }
  const tag = await imageTag()
  const name = `${binary} image`
  const fix = binary === 'docker' ? 'codevision setup docker' : `codevision setup docker --engine ${binary}`
  const image: Finding = (await hasSandboxImage({ binary, signal }))
    ? { name, status: 'ok', detail: tag }
    : { name, status: 'missing', detail: `${tag} is not built`, fix }
  return { binary, engine, image }
}

/** Only what is installed: to load it takes seconds. */
async function examineTorch(): Promise<Finding> {
  const name = 'torch'
  let environment: Awaited<ReturnType<typeof findTorchEnvironment>>
  try {
    environment = await findTorchEnvironment()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const fix = 'codevision setup python --torch, without CODEVISION_TORCH_PYTHON'
    return { name, status: 'missing', detail: error.message, fix }
  }
  if (environment === null)
    return {
      name,
      status: 'missing',
      detail: 'not installed (only --policy torch needs it; 5.5 GB)',
      fix: 'codevision setup python --torch',
    }
  const versions = Object.fromEntries(
    ['torch', 'transformers', 'peft'].map((key) => [key, environment.versions[key] ?? 'missing']),
  )
  const list = Object.entries(versions).map(([key, version]) => `${key} ${version}`)
  return { name, status: 'ok', detail: `${list.join(', ')} (${environment.site})`, versions }
}

async function examineGpu({ signal }: { signal: AbortSignal | undefined }): Promise<Finding> {
  const args = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader']
  const result = await runCommand({ file: 'nvidia-smi', args, timeoutMs: 15_000, signal })
  if (result.isOk) return { name: 'gpu', status: 'ok', detail: result.stdout.trim().split('\n').join('; ') }
  return {
    name: 'gpu',
    status: 'missing',
    detail: result.isMissing ? 'no NVIDIA driver (only training large models needs one)' : result.problem,
    fix: 'Install the NVIDIA driver, until nvidia-smi answers.',
  }
}

function fromRuntime({
  name,
  check,
}: {
  name: string
  check: RuntimeCheck | Awaited<ReturnType<typeof checkEngine>>
}): Finding {
  if (check.status === 'ok')
    return { name, status: 'ok', detail: check.version, versions: { [name]: check.version } }
  return { name, status: 'missing', detail: check.problem, fix: check.fix }
}
