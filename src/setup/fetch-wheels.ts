import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDirectory } from '../config/cache-directory.js'
import { isThere } from '../config/is-there.js'
import { SandboxError } from '../core/errors.js'
import type { ContainerBinary } from './container-engine.js'
import { pySandboxDirectory } from './package-paths.js'
import { runCommand } from './run-command.js'
import { pipPlatformOptions, type WheelArchitecture } from './wheel-platforms.js'

/** What the image is built from: the sandbox's packages, and the pip that installs them. */
const LOCKS = ['requirements.lock', 'requirements-pip.lock']

/**
 * The wheels of the locks for the given machine, checked against their hashes: a folder of the cache, filled on the first call.
 * They come through the pip of any Python 3 on this machine; where there is none, through that of the base image.
 * @throws SandboxError when neither can fetch them.
 */
export async function fetchWheels({
  architecture,
  engine,
  signal,
  onProgress,
}: {
  architecture: WheelArchitecture
  engine?: { binary: ContainerBinary; baseImage: string } | undefined
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<string> {
  const target = join(cacheDirectory(), 'wheels', `${await digestOfLocks()}-${architecture}`)
  if (await isThere(target)) return target
  const unfinished = join(cacheDirectory(), 'wheels', `.unfinished-${randomUUID()}`)
  await mkdir(unfinished, { recursive: true })
  try {
    onProgress?.(`fetching the wheels of the sandbox for ${architecture}`)
    const problems: string[] = []
    for (const { file, args } of downloads({ architecture, target: unfinished, engine })) {
      if (file === engine?.binary) await chmod(unfinished, 0o777)
      const result = await runCommand({
        file,
        args,
        env: { PIP_DISABLE_PIP_VERSION_CHECK: '1' },
        onLine: onProgress,
        signal,
      })
      if (result.isOk) return await keep({ from: unfinished, to: target })
      if (!result.isMissing) problems.push(`${file}: ${result.problem}`)
    }
    throw new SandboxError(
      `The wheels of the sandbox could not be fetched; that needs a Python 3 with pip and a package index. ` +
        `Tried:\n${problems.join('\n') || 'python3.11, python3, python: none is installed'}`,
      { isRetryable: true },
    )
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

function downloads({
  architecture,
  target,
  engine,
}: {
  architecture: WheelArchitecture
  target: string
  engine: { binary: ContainerBinary; baseImage: string } | undefined
}): { file: string; args: string[] }[] {
  const pip = (...[locks, destination]: [string, string]) => [
    ...['-m', 'pip', 'download', '--require-hashes', '--no-deps', '--progress-bar', 'off'],
    ...pipPlatformOptions(architecture),
    ...LOCKS.flatMap((lock) => ['--requirement', `${locks}/${lock}`]),
    ...['--dest', destination],
  ]
  const here = ['python3.11', 'python3', 'python'].map((file) => ({
    file,
    args: pip(pySandboxDirectory(), target),
  }))
  if (engine === undefined) return here
  const mounts = ['--volume', `${pySandboxDirectory()}:/locks:ro`, '--volume', `${target}:/wheels`]
  const contained = [
    'run',
    '--rm',
    ...mounts,
    '--entrypoint',
    'python3.11',
    engine.baseImage,
    ...pip('/locks', '/wheels'),
  ]
  return [...here, { file: engine.binary, args: contained }]
}

async function keep({ from, to }: { from: string; to: string }): Promise<string> {
  await chmod(from, 0o755)
  await rename(from, to).catch(async (error: unknown) => {
    // Another process was faster; the same hashes were checked there.
    if (!(await isThere(to))) throw error
  })
  return to
}

async function digestOfLocks(): Promise<string> {
  const hash = createHash('sha256')
  for (const lock of LOCKS) hash.update(await readFile(join(pySandboxDirectory(), lock)))
  return hash.digest('hex').slice(0, 16)
}
