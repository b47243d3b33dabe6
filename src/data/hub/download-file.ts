import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../../core/error-code.js'
import { HubError } from '../../core/errors.js'
import { keepChecksum } from '../cache/file-checksum.js'
import { stampOf } from '../cache/file-stamp.js'
import { statusFailure, transportFailure } from './hub-failure.js'
import { fileUrl, type HubFile, type HubRepository } from './hub-repository.js'
import { partialPath, sizeOf } from './partial-file.js'

/** Connections that may break one after the other without a byte having come. */
const IDLE_ATTEMPTS = 5
/** Doubled with each of them. */
const FIRST_PAUSE_MS = 100

/**
 * Download one file of a data set. It has its final name only when it is whole and its checksum is the hub's; what has arrived of it stands beside, in `PATH.partial`, and
 * a later call goes on from there.
 *
 * The hub's library is not used for this: it always begins at the first byte, and checks nothing.
 *
 * @param onBytes told of bytes of the file that are on the disk, once at the start and after each piece
 * @throws HubError, one for each way it can fail.
 */
export async function downloadFile({
  hub,
  commit,
  file,
  path,
  signal,
  onBytes = () => undefined,
}: {
  hub: HubRepository
  commit: string
  file: HubFile
  /** Where it goes, absolute. */
  path: string
  signal?: AbortSignal | undefined
  onBytes?: (received: number) => void
}): Promise<void> {
  const partial = partialPath(path)
  try {
    await mkdir(dirname(path), { recursive: true })
    let idle = 0
    for (;;) {
      signal?.throwIfAborted()
      const before = await sizeOf(partial)
      try {
        await fetchRest({ hub, commit, file, partial, signal, onBytes })
        break
      } catch (cause) {
        signal?.throwIfAborted()
        const failure = transportFailure({ hub, what: file.path, cause })
        if (!(failure instanceof HubError) || !failure.isRetryable) throw failure
        idle = (await sizeOf(partial)) > before ? 0 : idle + 1
        if (idle >= IDLE_ATTEMPTS) throw failure
        await pause({ ms: FIRST_PAUSE_MS * 2 ** idle, signal })
      }
    }
    await rename(partial, path)
    await rm(etagPath(partial), { force: true })
  } catch (cause) {
    throw transportFailure({ hub, what: file.path, cause })
  }
  if (file.checksum.kind === 'sha256') {
    const { stamp } = await stampOf(path)
    await keepChecksum({ path, stamp, sha256: file.checksum.value })
  }
}

/** One connection: append what is missing, then compare the checksum. */
async function fetchRest({
  hub,
  commit,
  file,
  partial,
  signal,
  onBytes,
}: {
  hub: HubRepository
  commit: string
  file: HubFile
  partial: string
  signal: AbortSignal | undefined
  onBytes: (received: number) => void
}): Promise<void> {
  let received = await sizeOf(partial)
  if (received > file.size) received = 0
  if (received < file.size || file.size === 0) {
    const etag = received === 0 ? null : await readEtag(partial)
    const response = await fetch(fileUrl({ hub, revision: commit, path: file.path }), {
      headers: {
        ...(hub.token !== null && { Authorization: `Bearer ${hub.token}` }),
        'Accept-Encoding': 'identity',
        ...(received > 0 && { Range: `bytes=${received}-` }),
        ...(etag !== null && { 'If-Range': etag }),
      },
      ...(signal && { signal }),
    })
    if (!response.ok || response.body === null) {
      await response.body?.cancel()
      throw statusFailure({ hub, what: file.path, status: response.status })
    }
    checkCommit({ hub, commit, response })
    // Anything but the rest that was asked for is the whole file.
    if (response.status !== 206 || !startsAt(response, received)) {
      if (response.status === 206)
        throw new HubError(
          `${file.path} of ${hub.repository}: expected the bytes from ${received} on, got ${response.headers.get('content-range') ?? 'no Content-Range'}`,
          { isRetryable: true },
        )
      received = 0
    }
    await writeEtag({ partial, response })
    await append({ body: response.body, partial, at: received, onBytes })
  }
  const size = await sizeOf(partial)
  if (size < file.size) {
    throw new HubError(
      `${file.path} of ${hub.repository}: the connection ended after ${size} of ${file.size} bytes; call again, and the download goes on from there`,
      { isRetryable: true },
    )
  }
  const found = await checksumOf({ path: partial, size, kind: file.checksum.kind, signal })
  if (size === file.size && found === file.checksum.value) return
  await rm(partial, { force: true })
  await rm(etagPath(partial), { force: true })
  throw new HubError(
    `${file.path} of ${hub.repository}: the download is damaged and was removed: expected ${file.size} bytes with the checksum ${file.checksum.value}, got ${size} bytes with ${found}; call again`,
  )
}

async function append({
  body,
  partial,
  at,
  onBytes,
}: {
  body: AsyncIterable<Uint8Array>
  partial: string
  at: number
  onBytes: (received: number) => void
}): Promise<void> {
  const handle = await open(partial, at === 0 ? 'w' : 'r+')
  let position = at
  try {
    onBytes(position)
    for await (const piece of body) {
      let written = 0
      while (written < piece.length) {
        const { bytesWritten } = await handle.write(piece, written, piece.length - written, position)
        written += bytesWritten
        position += bytesWritten
      }
      onBytes(position)
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function startsAt(response: Response, received: number): boolean {
  return (response.headers.get('content-range') ?? '').startsWith(`bytes ${received}-`)
}

/** The hub says which commit it answers for; a redirect's own headers are not seen, so that it may be silent. */
function checkCommit({
  hub,
  commit,
  response,
}: {
  hub: HubRepository
  commit: string
  response: Response
}): void {
  const answered = response.headers.get('x-repo-commit')
  if (answered === null || answered === commit) return
  throw new HubError(`${hub.repository}: expected files of the commit ${commit}, got those of ${answered}`)
}

/** Hash of LFS files, or the one that git gives a blob. */
async function checksumOf({
  path,
  size,
  kind,
  signal,
}: {
  path: string
  size: number
  kind: HubFile['checksum']['kind']
  signal: AbortSignal | undefined
}): Promise<string> {
  const hash: Hash = kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`)
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) }))
    hash.update(piece as Buffer)
  return hash.digest('hex')
}

/** Of the server that holds the bytes: it says whether the rest belongs to the beginning. */
async function writeEtag({ partial, response }: { partial: string; response: Response }): Promise<void> {
  const etag = response.headers.get('etag')
  // A weak one does not promise the same bytes, and may not be sent with a range.
  if (etag === null || etag.startsWith('W/')) await rm(etagPath(partial), { force: true })
  else await writeFile(etagPath(partial), etag)
}

async function readEtag(partial: string): Promise<string | null> {
  return readFile(etagPath(partial), 'utf8').catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return null
    throw cause
  })
}

function etagPath(partial: string): string {
  return `${partial}.etag`
}

function pause({ ms, signal }: { ms: number; signal: AbortSignal | undefined }): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
  })
}
