import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StoredFile {
  bytes: Buffer
  /** Kept in LFS: served by the CDN, with a SHA-256; else by the hub itself, with git's checksum. */
  isLarge: boolean
}

export interface HubServer {
  endpoint: string
  /** Requests as `METHOD path`, with the range that was asked for, in order. */
  readonly requests: {
    path: string
    range: string | undefined
    ifRange: string | undefined
    authorization: string | undefined
    isCdn: boolean
  }[]
  /** At the commit that `main` names. */
  files: Map<string, StoredFile>
  commit: string
  /** What `main` named before, and the files of then. */
  earlier: Map<string, Map<string, StoredFile>>
  /** Break the next connections to a file after so many bytes of the file. */
  cuts: number[]
  /** Token that is needed; null: none. */
  token: string | null
  /** Say another checksum than that of the bytes. */
  liesAboutChecksums: boolean
  /** Another version of the file for who comes with a range. */
  etag: string
  close(): Promise<void>
}

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const REPOSITORY = '/datasets/owner/set'

/** A server that speaks the hub's protocol: revisions, trees in pages, files by redirect to a CDN on another origin, ranges, checksums in headers. */
export async function startHubServer(): Promise<HubServer> {
  const hub: Omit<HubServer, 'endpoint' | 'close'> = {
    requests: [],
    files: new Map(),
    commit: COMMIT,
    earlier: new Map(),
    cuts: [],
    token: null,
    liesAboutChecksums: false,
    etag: '"first"',
  }
  const cdn = await listen((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice('/cdn/'.length))
    note({ hub, request, isCdn: true })
    const file = hub.files.get(path)
    if (file === undefined) response.writeHead(404).end()
    else send({ hub, request, response, bytes: file.bytes, headers: { ETag: hub.etag } })
  })
  const front = await listen((request, response) => {
    note({ hub, request, isCdn: false })
    answer({ hub, request, response, cdn: addressOf(cdn) })
  })
  return Object.assign(hub, {
    endpoint: addressOf(front),
    close: async () => {
      for (const server of [front, cdn]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  })
}

type Hub = Omit<HubServer, 'endpoint' | 'close'>

function answer({
  hub,
  request,
  response,
  cdn,
}: {
  hub: Hub
  request: IncomingMessage
  response: ServerResponse
  cdn: string
}): void {
  const url = new URL(request.url ?? '', 'http://hub')
  if (hub.token !== null && request.headers.authorization !== `Bearer ${hub.token}`) {
    response.writeHead(request.headers.authorization === undefined ? 401 : 403, {
      'X-Error-Code': 'GatedRepo',
    })
    response.end('Access to this data set is restricted.')
    return
  }
  const path = decodeURIComponent(url.pathname)
  const named = /^(?:\/api)?\/datasets\/owner\/set\/(?:revision|tree|resolve)\/([0-9a-f]{40})(?:\/|$)/.exec(
    path,
  )?.[1]
  const commit = named ?? hub.commit
  const files = commit === hub.commit ? hub.files : hub.earlier.get(commit)
  if (files === undefined) {
    response.writeHead(404, { 'X-Error-Code': 'RevisionNotFound' }).end()
    return
  }
  if (path === `/api${REPOSITORY}/revision/main` || path === `/api${REPOSITORY}/revision/${commit}`) {
    json(response, {
      _id: '1',
      id: 'owner/set',
      sha: commit,
      private: false,
      gated: false,
      downloads: 1,
      likes: 1,
      lastModified: '2025-01-01T00:00:00.000Z',
    })
  } else if (path === `/api${REPOSITORY}/tree/${commit}`) {
    const entries = [...files].map(([name, file]) => treeEntry({ hub, name, file }))
    const half = Math.ceil(entries.length / 2)
    const isSecond = url.searchParams.has('cursor')
    if (!isSecond && half < entries.length) {
      url.searchParams.set('cursor', 'second')
      response.setHeader(
        'Link',
        `<http://${request.headers.host ?? ''}${url.pathname}${url.search}>; rel="next"`,
      )
    }
    json(response, isSecond ? entries.slice(half) : entries.slice(0, half))
  } else if (path.startsWith(`${REPOSITORY}/resolve/${commit}/`)) {
    const name = path.slice(`${REPOSITORY}/resolve/${commit}/`.length)
    const file = files.get(name)
    if (file === undefined) {
      response.writeHead(404, { 'X-Error-Code': 'EntryNotFound' }).end()
      return
    }
    const headers = { 'X-Repo-Commit': commit }
    if (file.isLarge) {
      response.writeHead(302, {
        ...headers,
        Location: `${cdn}/cdn/${encodeURIComponent(name)}`,
        'X-Linked-Etag': `"${sha256(file.bytes)}"`,
        'X-Linked-Size': file.bytes.length,
      })
      response.end()
    } else
      send({
        hub,
        request,
        response,
        bytes: file.bytes,
        headers: { ...headers, ETag: `"${gitHash(file.bytes)}"` },
      })
  } else response.writeHead(404, { 'X-Error-Code': 'RepoNotFound' }).end()
}

function treeEntry({ hub, name, file }: { hub: Hub; name: string; file: StoredFile }): unknown {
  const { bytes, isLarge } = file
  const told = hub.liesAboutChecksums ? Buffer.from('other') : bytes
  if (!isLarge) return { type: 'file', path: name, size: bytes.length, oid: gitHash(told) }
  const lfs = { oid: sha256(told), size: bytes.length, pointerSize: 130 }
  return { type: 'file', path: name, size: bytes.length, oid: gitHash(Buffer.from('pointer')), lfs }
}

/** Bytes of a file as a server with ranges gives them; a connection that is to be cut says its whole length first. */
function send({
  hub,
  request,
  response,
  bytes,
  headers,
}: {
  hub: Hub
  request: IncomingMessage
  response: ServerResponse
  bytes: Buffer
  headers: Record<string, string>
}): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === headers.ETag
  const isPart = request.headers.range !== undefined && isSame
  const body = isPart ? bytes.subarray(start) : bytes
  response.writeHead(isPart ? 206 : 200, {
    ...headers,
    'Accept-Ranges': 'bytes',
    'Content-Length': body.length,
    ...(isPart && { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  })
  const cut = hub.cuts.shift()
  if (cut === undefined) {
    response.end(body)
    return
  }
  // The bytes must have left before the connection is broken.
  response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 50))
}

function note({ hub, request, isCdn }: { hub: Hub; request: IncomingMessage; isCdn: boolean }): void {
  const { range, authorization } = request.headers
  hub.requests.push({
    path: decodeURIComponent(request.url ?? ''),
    range,
    ifRange: request.headers['if-range'] as string | undefined,
    authorization,
    isCdn,
  })
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}

async function listen(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function gitHash(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
