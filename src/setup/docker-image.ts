import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative, sep } from 'node:path'
import { SandboxError } from '../core/errors.js'
import { checkEngine, type ContainerBinary } from './container-engine.js'
import { fetchWheels } from './fetch-wheels.js'
import { packageDirectory, pySandboxDirectory, pythoniaPackage } from './package-paths.js'
import { runCommand } from './run-command.js'
import type { WheelArchitecture } from './wheel-platforms.js'

export const DEFAULT_BASE_IMAGE = 'python:3.11-slim-bookworm'

/**
 * Name of the sandbox image that belongs to this version of the package: `codevision-sandbox:<hash>` over the Dockerfile, the locks, the files of
 * py_sandbox and pythonia's. So an image of other code is never taken for this one.
 */
export async function imageTag(): Promise<string> {
  const hash = createHash('sha256')
  const pythonia = pythoniaPackage()
  hash.update(pythonia.version)
  for (const { folder, files } of [
    { folder: packageDirectory(), files: [join(packageDirectory(), 'Dockerfile')] },
    { folder: pySandboxDirectory(), files: await shippedFiles(pySandboxDirectory()) },
    { folder: pythonia.python, files: (await shippedFiles(pythonia.python)).filter(isPython) },
  ]) {
    for (const file of files) {
      const content = await readFile(file)
      hash.update(`${relative(folder, file).split(sep).join('/')}\0${content.length}\0`).update(content)
    }
  }
  return `codevision-sandbox:${hash.digest('hex').slice(0, 16)}`
}

/** Whether the engine has the image of this version. */
export async function hasSandboxImage({
  binary,
  signal,
}: {
  binary: ContainerBinary
  signal?: AbortSignal | undefined
}): Promise<boolean> {
  const args = ['image', 'inspect', '--format', '{{.Id}}', await imageTag()]
  return (await runCommand({ file: binary, args, timeoutMs: 15_000, signal })).isOk
}

/**
 * Build the sandbox image. The build itself uses no network: the wheels are fetched before, and checked against their hashes again inside.
 * @returns the image's tag.
 * @throws SandboxError where no engine answers, or with the build's last words.
 */
export async function buildSandboxImage({
  binary,
  baseImage = DEFAULT_BASE_IMAGE,
  signal,
  onProgress,
}: {
  binary: ContainerBinary
  baseImage?: string
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<string> {
  const engine = await checkEngine({ binary, signal })
  if (engine.status !== 'ok')
    throw new SandboxError(`${binary}: ${engine.problem}. To correct it: ${engine.fix}`)
  const tag = await imageTag()
  const context = await mkdtemp(join(tmpdir(), 'codevision-image-'))
  try {
    const { architecture } = engine
    await prepareBuildContext({ context, architecture, engine: { binary, baseImage }, signal, onProgress })
    onProgress?.(`building ${tag} on ${baseImage}`)
    const options = [
      '--target',
      'sandbox',
      '--network',
      'none',
      '--build-arg',
      `BASE_IMAGE=${baseImage}`,
      '--tag',
      tag,
    ]
    const built = await runCommand({
      file: binary,
      args: ['build', ...options, context],
      onLine: onProgress,
      signal,
    })
    if (!built.isOk)
      throw new SandboxError(
        `${binary} could not build the sandbox image on ${baseImage}:\n${built.problem}\n` +
          'Where no registry can be reached, name a local image that has python3.11 with --base-image.',
      )
    return tag
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

/**
 * Fill a folder with what the Dockerfile copies: `build/wheels`, `build/pythonia`, `py_sandbox`, and the Dockerfile itself.
 * (In a checkout `scripts/fetch-wheels.mjs` makes the same of the checkout itself.)
 */
export async function prepareBuildContext({
  context,
  architecture,
  engine,
  signal,
  onProgress,
}: {
  context: string
  architecture: WheelArchitecture
  engine?: { binary: ContainerBinary; baseImage: string } | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<void> {
  const wheels = await fetchWheels({ architecture, engine, signal, onProgress })
  const build = join(context, 'build')
  await rm(build, { recursive: true, force: true })
  await mkdir(build, { recursive: true })
  await cp(wheels, join(build, 'wheels'), { recursive: true })
  await copyFiles({ from: pythoniaPackage().python, to: join(build, 'pythonia'), keep: isPython })
  if (relative(context, packageDirectory()) === '') return
  await copyFiles({ from: pySandboxDirectory(), to: join(context, 'py_sandbox'), keep: () => true })
  await cp(join(packageDirectory(), 'Dockerfile'), join(context, 'Dockerfile'))
}

async function copyFiles({
  from,
  to,
  keep,
}: {
  from: string
  to: string
  keep: (file: string) => boolean
}): Promise<void> {
  for (const file of (await shippedFiles(from)).filter(keep)) await cp(file, join(to, relative(from, file)))
}

/** The files under a folder, sorted, without tests and what Python leaves behind. */
async function shippedFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(folder, file).split(sep).some(isLeftBehind))
    .sort()
}

function isLeftBehind(name: string): boolean {
  return name === 'tests' || name === '__pycache__' || name.startsWith('.') || name.endsWith('.egg-info')
}

function isPython(file: string): boolean {
  return basename(file).endsWith('.py')
}
