import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { cacheDirectory } from '../config/cache-directory.js'
import type { Interpreter } from './find-python.js'
import {
  isSameInterpreter,
  readInstallationMarker,
  writeInstallationMarker,
  type InstallationMarker,
} from './installation-marker.js'
import { pipInstall } from './pip-install.js'
import { runCommand } from './run-command.js'

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

/** Age from which a folder of an interrupted installation is taken for abandoned. */
const ABANDONED_MS = 60 * 60 * 1000
/** Names of the folders in which packages are installed, before they are moved to their place. */
const UNFINISHED = '.unfinished-'

/**
 * What was installed earlier from the lock as it is now, found without starting a process; null where there is nothing, or where its interpreter
 * is gone or another one now. With several interpreters: the one named by `python`, else the newest installation.
 */
export async function findPythonPackages({
  lock,
  python,
}: {
  /** Path of the lock file. */
  lock: string
  python?: string | undefined
}): Promise<PythonPackages | null> {
  const digest = sha256(await readFile(lock))
  const found: { packages: PythonPackages; installedMs: number }[] = []
  for (const name of await readdir(installations()).catch(() => [])) {
    if (name.startsWith(UNFINISHED)) continue
    const folder = join(installations(), name)
    const marker = await readInstallationMarker(folder)
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
  /** Path of the lock file. */
  lock: string
  interpreter: Interpreter
  /** Modules that must load before the installation counts. */
  imports: readonly string[]
  signal?: AbortSignal | undefined
  onProgress?: ((message: string) => void) | undefined
}): Promise<PythonPackages> {
  const { path, version, basePrefix } = interpreter
  const earlier = await findPythonPackages({ lock, python: path })
  if (earlier !== null) return earlier
  await removeAbandoned()
  const digest = sha256(await readFile(lock))
  const unfinished = join(installations(), `${UNFINISHED}${randomUUID()}`)
  const target = join(unfinished, 'site')
  await mkdir(target, { recursive: true })
  try {
    onProgress?.(`installing ${basename(lock)} for Python ${version} (${path})`)
    const versions = await pipInstall({ interpreter, lock, target, imports, signal, onProgress })
    const { size, mtimeMs } = await stat(path)
    const marker: InstallationMarker = {
      schema: 1,
      lock: digest,
      python: { path, version, basePrefix, size, modifiedMs: mtimeMs },
      versions,
    }
    await writeInstallationMarker({ folder: unfinished, marker })
    // The contained process runs as another user, whatever the umask was here.
    await runCommand({ file: 'chmod', args: ['-R', 'a+rX', unfinished], signal })
    const name = sha256([digest, version, path, process.arch].join('\n')).slice(0, 16)
    const folder = join(installations(), name)
    await moveIntoPlace({ from: unfinished, to: folder })
    return describe({ folder, marker })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

function installations(): string {
  return join(cacheDirectory(), 'python')
}

/** A finished installation never changes, so where another process was faster its result is as good. */
async function moveIntoPlace({ from, to }: { from: string; to: string }): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (!isOccupied(error) || attempt === 2) throw error
    }
    const marker = await readInstallationMarker(to)
    if (marker !== null && (await isSameInterpreter(marker))) return
    // What is there was installed for an interpreter that has been replaced since: out of the way in one step.
    const old = join(installations(), `${UNFINISHED}${randomUUID()}`)
    await rename(to, old).catch(() => undefined)
    await rm(old, { recursive: true, force: true })
  }
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

function describe({ folder, marker }: { folder: string; marker: InstallationMarker }): PythonPackages {
  const { path, basePrefix, version } = marker.python
  return { python: path, basePrefix, version, site: join(folder, 'site'), versions: marker.versions }
}

function isOccupied(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  return code === 'ENOTEMPTY' || code === 'EEXIST'
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
