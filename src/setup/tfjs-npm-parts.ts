import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SandboxError } from '../core/errors.js'
import { TFJS_CORE_KEY } from '../models/backend/find-tfjs-node.js'
import { runCommand } from './run-command.js'
import { NPM_PARTS, type NpmPart } from './tfjs-parts.js'

/**
 * Fetch the packages of npm that go into a build, and unpack them. None of their scripts runs. TensorFlow.js itself is not among them: two small modules in its place give the one of this package.
 * @throws SandboxError with npm's own words, or where a package is not the one that is known.
 */
export async function fetchNpmParts({
  modules,
  downloads,
  signal,
  onProgress,
}: {
  /** A `node_modules`. */
  modules: string
  /** Folder for the archives. */
  downloads: string
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<void> {
  for (const part of NPM_PARTS) {
    onProgress?.(`fetching ${part.name} ${part.version}`)
    const archive = await fetchPart({ part, downloads, signal })
    const folder = join(modules, part.name)
    await mkdir(folder, { recursive: true })
    const unpacked = await runCommand({
      file: 'tar',
      args: ['-xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner'],
      signal,
    })
    if (!unpacked.isOk) throw new SandboxError(`tar could not unpack ${archive}:\n${unpacked.problem}`)
  }
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    const folder = join(modules, name)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'index.js'), `module.exports = globalThis[Symbol.for('${TFJS_CORE_KEY}')]\n`)
  }
}

async function fetchPart({
  part: { name, version, integrity },
  downloads,
  signal,
}: {
  part: NpmPart
  downloads: string
  signal: AbortSignal | undefined
}): Promise<string> {
  const folder = join(downloads, name.replace('/', '-'))
  await mkdir(folder, { recursive: true })
  const packed = await runCommand({
    file: 'npm',
    args: [
      'pack',
      `${name}@${version}`,
      '--ignore-scripts',
      '--loglevel',
      'error',
      '--pack-destination',
      folder,
    ],
    cwd: folder,
    signal,
  })
  if (packed.isMissing)
    throw new SandboxError(
      'npm is not on the search path; it comes with Node.js. Install it, then run the command again.',
    )
  if (!packed.isOk)
    throw new SandboxError(`npm could not fetch ${name}@${version}:\n${packed.problem}`, {
      isRetryable: true,
    })
  const [file] = (await readdir(folder)).filter((entry) => entry.endsWith('.tgz'))
  if (file === undefined) throw new SandboxError(`npm fetched no archive of ${name}@${version}`)
  const archive = join(folder, file)
  const found = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`
  if (found !== integrity)
    throw new SandboxError(
      `${name}@${version} is not the archive that is known: expected ${integrity}, got ${found}. Is the registry of npm another one?`,
    )
  return archive
}
