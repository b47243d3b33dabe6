import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { cacheDirectory } from '../config/cache-directory.js'
import { SandboxError } from '../core/errors.js'
import type { Interpreter } from './find-python.js'
import { pySandboxDirectory } from './package-paths.js'
import { runCommand } from './run-command.js'

/** Which lock of py_sandbox is installed: what the sandbox imports, or what its tests import besides. */
export type LockName = 'requirements' | 'requirements-test'

/** An interpreter and a folder of packages that were installed for it from a lock. */
export interface PythonPackages {
  /** The interpreter. */
  python: string
  basePrefix: string
  /** The interpreter's version, such as `3.11.7`. */
  version: string
  /** Folder to put on the interpreter's path. */
  site: string
  /** Version of each package by its name. */
  versions: Readonly<Record<string, string>>
}

const Marker = z.object({
  schema: z.literal(1),
  /** SHA-256 of the lock file. */
  lock: z.string(),
  python: z.object({
    path: z.string(),
    version: z.string(),
    basePrefix: z.string(),
    size: z.number(),
    modifiedMs: z.number(),
  }),
  versions: z.record(z.string(), z.string()),
})
type Marker = z.infer<typeof Marker>

const MARKER = 'environment.json'
/** Age from which a folder of an interrupted installation is taken for abandoned. */
const ABANDONED_MS = 60 * 60 * 1000
/** Names of the folders in which packages are installed, before they are moved to their place. */
const UNFINISHED = '.unfinished-'

const VERSIONS_PROGRAM = `
import json, os, sys
from importlib.metadata import distributions
site = sys.argv[1]
sys.path.insert(0, site)
for module in sys.argv[2:]:
    __import__(module)
print(json.dumps({d.metadata['Name'].lower(): d.version for d in distributions(path=[site])}))
`

/**
 * What was installed earlier from the lock as it is now, found without starting a process; null where there is nothing, or where its interpreter
 * is gone or another one now. With several interpreters: the one named by `python`, else the newest installation.
 */
export async function findPythonPackages({
  lock,
  python,
}: {
  lock: LockName
  python?: string | undefined
}): Promise<PythonPackages | null> {
  const digest = await lockDigest(lock)
  const found: { packages: PythonPackages; installedMs: number }[] = []
  for (const name of await readdir(installations()).catch(() => [])) {
    if (name.startsWith(UNFINISHED)) continue
    const folder = join(installations(), name)
    const marker = await readMarker(folder)
    if (marker?.lock !== digest) continue
    if (python !== undefined && marker.python.path !== python) continue
    if (!(await isSameInterpreter(marker))) continue
    found.push({ packages: describe({ folder, marker }), installedMs: (await stat(folder)).mtimeMs })
  }
  return found.sort((left, right) => right.installedMs - left.installedMs)[0]?.packages ?? null
}

/**
 * Install a lock for an interpreter, unless that was done before. Several processes may do so at once; an interrupted installation leaves nothing
 * that could be taken for a finished one.
 * @throws SandboxError with pip's own words when it fails. @throws AbortError.
 */
export async function installPythonPackages({
  lock,
  interpreter,
  imports,
  signal,
  onProgress,
}: {
  lock: LockName
  interpreter: Interpreter
  /** Modules that must load before the installation counts. */
  imports: readonly string[]
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<PythonPackages> {
  const earlier = await findPythonPackages({ lock, python: interpreter.path })
  if (earlier !== null) return earlier
  if (interpreter.pip === null) throw new SandboxError(`${interpreter.path} has no pip; install pip for it.`)
  const file = join(pySandboxDirectory(), `${lock}.lock`)
  const digest = await lockDigest(lock)
  const unfinished = join(installations(), `${UNFINISHED}${randomUUID()}`)
  await removeAbandoned()
  await mkdir(join(unfinished, 'site'), { recursive: true })
  try {
    onProgress?.(`installing ${lock}.lock for Python ${interpreter.version} (${interpreter.path})`)
    const options = [
      '--require-hashes',
      '--only-binary',
      ':all:',
      '--no-deps',
      '--no-input',
      '--no-warn-script-location',
      '--progress-bar',
      'off',
    ]
    const installed = await runCommand({
      file: interpreter.path,
      args: [
        ...interpreter.pip,
        'install',
        ...options,
        '--target',
        join(unfinished, 'site'),
        '--requirement',
        file,
      ],
      cwd: '/',
      env: {
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
        PIP_REQUIRE_VIRTUALENV: '0',
        PIP_USER: '0',
        PIP_ROOT_USER_ACTION: 'ignore',
      },
      onLine: onProgress,
      signal,
    })
    if (!installed.isOk)
      throw new SandboxError(`pip could not install ${file}:\n${installed.problem}`, { isRetryable: true })
    const checked = await runCommand({
      file: interpreter.path,
      args: ['-I', '-B', '-c', VERSIONS_PROGRAM, join(unfinished, 'site'), ...imports],
      signal,
    })
    if (!checked.isOk)
      throw new SandboxError(
        `The packages of ${file} were installed but do not load in ${interpreter.path}:\n${checked.problem}`,
      )
    // The contained process runs as another user, whatever the umask was here.
    await runCommand({ file: 'chmod', args: ['-R', 'a+rX', unfinished], signal })
    const { size, mtimeMs } = await stat(interpreter.path)
    const { path, version, basePrefix } = interpreter
    const marker: Marker = {
      schema: 1,
      lock: digest,
      python: { path, version, basePrefix, size, modifiedMs: mtimeMs },
      versions: z.record(z.string(), z.string()).parse(JSON.parse(checked.stdout)),
    }
    await writeFile(join(unfinished, MARKER), `${JSON.stringify(marker, null, 2)}\n`)
    const folder = join(installations(), folderName({ digest, interpreter }))
    await moveIntoPlace({ from: unfinished, to: folder })
    return describe({ folder, marker })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

function installations(): string {
  return join(cacheDirectory(), 'python')
}

async function lockDigest(lock: LockName): Promise<string> {
  return sha256(await readFile(join(pySandboxDirectory(), `${lock}.lock`)))
}

function folderName({ digest, interpreter }: { digest: string; interpreter: Interpreter }): string {
  return sha256([digest, interpreter.version, interpreter.path, process.arch].join('\n')).slice(0, 16)
}

/** A finished installation never changes, so where another process was faster its result is as good. */
async function moveIntoPlace({ from, to }: { from: string; to: string }): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (!isOccupied(error) || attempt === 2) throw error
    }
    const marker = await readMarker(to)
    if (marker !== null && (await isSameInterpreter(marker))) return
    // What is there was installed for an interpreter that has been replaced since: out of the way in one step.
    const old = join(installations(), `${UNFINISHED}${randomUUID()}`)
    await rename(to, old).catch(() => undefined)
    await rm(old, { recursive: true, force: true })
  }
}

async function readMarker(folder: string): Promise<Marker | null> {
  const text = await readFile(join(folder, MARKER), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return Marker.parse(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

async function isSameInterpreter({ python }: Marker): Promise<boolean> {
  const now = await stat(python.path).catch(() => null)
  return now !== null && now.size === python.size && now.mtimeMs === python.modifiedMs
}

async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(installations()).catch(() => [])) {
    if (!name.startsWith(UNFINISHED)) continue
    const folder = join(installations(), name)
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > ABANDONED_MS) await rm(folder, { recursive: true, force: true })
  }
}

function describe({ folder, marker }: { folder: string; marker: Marker }): PythonPackages {
  const { path, basePrefix, version } = marker.python
  return { python: path, basePrefix, version, site: join(folder, 'site'), versions: marker.versions }
}

function isOccupied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
