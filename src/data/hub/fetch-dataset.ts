import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import PQueue from 'p-queue'
import { z } from 'zod'
import { errorCode } from '../../core/error-code.js'
import { HubError } from '../../core/errors.js'
import { checkSpace } from './check-space.js'
import { downloadFile } from './download-file.js'
import { withDownloadLock } from './download-lock.js'
import { transportFailure } from './hub-failure.js'
import { COMMIT, pageOf, type HubFile, type HubRepository } from './hub-repository.js'
import { listRepository } from './list-repository.js'
import { matchesPath } from './match-path.js'
import { matchingFiles } from './matching-files.js'

/** How far a download is. */
export interface DownloadProgress {
  repository: string
  /** Files that are whole, of those that are needed. */
  files: { done: number; total: number }
  bytes: { received: number; total: number }
  /** What is waited for before anything is fetched here: another process that fetches the same. */
  waitsFor?: string
}

export interface FetchedDataset {
  /** Files of rows, in the order of their names, absolute. */
  files: string[]
  /** Null where the user has put the files there without the hub. */
  commit: string | null
}

const CONNECTIONS = 4

const listingSchema = z.array(
  z.object({
    path: z.string(),
    size: z.number(),
    checksum: z.object({ kind: z.enum(['sha256', 'git']), value: z.string() }),
  }),
)

/**
 * The files of a data set on this machine; what is missing is downloaded. A branch is resolved once and stays at its commit until `refs` in the cache is removed, so that
 * a run that is resumed next month reads the same rows, and needs no network.
 * @throws HubError when something is missing and cannot be had.
 */
export async function fetchDataset({
  hub,
  directory,
  file,
  beside,
  signal,
  onProgress,
}: {
  hub: HubRepository
  /** The data set's folder in the cache. */
  directory: string
  /** Path or pattern of the files of rows. */
  file: string
  /** Patterns of files that the rows refer to. */
  beside: readonly string[]
  signal?: AbortSignal | undefined
  onProgress?: ((progress: DownloadProgress) => void) | undefined
}): Promise<FetchedDataset> {
  const placed = await matchingFiles({ folder: join(directory, hub.revision), pattern: file })
  const known = await knownCommit({ hub, directory })
  const kept = known === null ? null : await readListing({ directory, commit: known })
  if (kept === null && placed.length > 0)
    return { files: placed, commit: COMMIT.test(hub.revision) ? hub.revision : null }
  const { commit, files } =
    known !== null && kept !== null
      ? { commit: known, files: kept }
      : await resolve({ hub, directory, signal })
  const isNeeded = ({ path }: HubFile): boolean =>
    [file, ...beside].some((pattern) => matchesPath({ path, pattern }))
  const needed = files.filter(isNeeded)
  const rows = needed.filter(({ path }) => matchesPath({ path, pattern: file }))
  if (rows.length === 0) {
    throw new HubError(
      `${hub.repository}: expected the file ${file} at the commit ${commit}, got ${files.length === 1 ? '1 other file' : `${files.length} other files`}; see ${pageOf(hub)}/tree/${commit}`,
    )
  }
  const folder = join(directory, commit)
  const isMissing = await Promise.all(needed.map(async (one) => !(await isWhole({ folder, file: one }))))
  if (isMissing.includes(true)) {
    const lock = join(directory, `${commit}.lock`)
    await withDownloadLock({
      path: lock,
      signal,
      onWait: ({ pid, host }) =>
        onProgress?.({
          repository: hub.repository,
          files: { done: isMissing.filter((missing) => !missing).length, total: needed.length },
          bytes: { received: 0, total: totalSize(needed) },
          waitsFor: `process ${pid} on ${host}, which fetches it (${lock})`,
        }),
      work: () => download({ hub, commit, folder, needed, signal, onProgress }),
    })
  }
  return { files: rows.map(({ path }) => join(folder, path)).sort(), commit }
}

async function download({
  hub,
  commit,
  folder,
  needed,
  signal,
  onProgress,
}: {
  hub: HubRepository
  commit: string
  folder: string
  needed: readonly HubFile[]
  signal: AbortSignal | undefined
  onProgress: ((progress: DownloadProgress) => void) | undefined
}): Promise<void> {
  // Another process may have brought some while this one waited.
  const isMissing = await Promise.all(needed.map(async (one) => !(await isWhole({ folder, file: one }))))
  await checkSpace({ hub, folder, files: needed.filter((_, at) => isMissing[at]) }).catch(
    (cause: unknown) => {
      throw transportFailure({ hub, what: 'the files', cause })
    },
  )
  const total = totalSize(needed)
  const received = new Map<string, number>()
  let done = 0
  const tell = (): void =>
    onProgress?.({
      repository: hub.repository,
      files: { done, total: needed.length },
      bytes: { received: [...received.values()].reduce((sum, bytes) => sum + bytes, 0), total },
    })
  const queue = new PQueue({ concurrency: CONNECTIONS })
  const failed = new AbortController()
  const either = AbortSignal.any([failed.signal, ...(signal ? [signal] : [])])
  for (const [at, file] of needed.entries()) {
    void queue.add(async () => {
      if (either.aborted) return
      try {
        if (isMissing[at]) {
          const path = join(folder, file.path)
          const onBytes = (bytes: number): void => {
            received.set(file.path, bytes)
            tell()
          }
          await downloadFile({ hub, commit, file, path, signal: either, onBytes })
        }
        received.set(file.path, file.size)
        done++
        tell()
      } catch (cause) {
        failed.abort(cause)
      }
    })
  }
  await queue.onIdle()
  either.throwIfAborted()
}

function totalSize(files: readonly HubFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

async function resolve({
  hub,
  directory,
  signal,
}: {
  hub: HubRepository
  directory: string
  signal: AbortSignal | undefined
}): Promise<{ commit: string; files: HubFile[] }> {
  const listing = await listRepository({ hub, signal })
  await mkdir(join(directory, 'refs'), { recursive: true })
  await mkdir(join(directory, 'listings'), { recursive: true })
  await writeFile(listingPath({ directory, commit: listing.commit }), JSON.stringify(listing.files))
  await writeFile(refPath({ hub, directory }), listing.commit)
  return listing
}

async function knownCommit({
  hub,
  directory,
}: {
  hub: HubRepository
  directory: string
}): Promise<string | null> {
  if (COMMIT.test(hub.revision)) return hub.revision
  const commit = (await readIfThere(refPath({ hub, directory })))?.trim()
  return commit !== undefined && COMMIT.test(commit) ? commit : null
}

/** Null where it was never fetched, or is damaged: then it is fetched again. */
async function readListing({
  directory,
  commit,
}: {
  directory: string
  commit: string
}): Promise<HubFile[] | null> {
  const text = await readIfThere(listingPath({ directory, commit }))
  if (text === null) return null
  try {
    return listingSchema.parse(JSON.parse(text))
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof z.ZodError) return null
    throw cause
  }
}

function refPath({ hub, directory }: { hub: HubRepository; directory: string }): string {
  return join(directory, 'refs', encodeURIComponent(hub.revision))
}

function listingPath({ directory, commit }: { directory: string; commit: string }): string {
  return join(directory, 'listings', `${commit}.json`)
}

/** Only whole files have their final name, so that the size is enough. */
async function isWhole({ folder, file }: { folder: string; file: HubFile }): Promise<boolean> {
  return stat(join(folder, file.path)).then(
    ({ size }) => size === file.size,
    () => false,
  )
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return null
    throw cause
  })
}
