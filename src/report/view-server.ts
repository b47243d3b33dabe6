import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { sep } from 'node:path'
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify'
import { errorCode } from '../core/error-code.js'
import { UsageError } from '../core/errors.js'
import { prepareView, type PreparedView } from './prepare-view.js'

export interface ViewServer {
  /** Address of the page; whoever knows it may read the runs, so a part of it cannot be guessed. */
  url: string
  /** Stop, and remove what was prepared; may be called twice. */
  close(): Promise<void>
}

/**
 * Serve the page of one or several runs on this machine alone (127.0.0.1), to be read only. It gives the page, its chunks and the images of the runs, each by a
 * name that is checked; a link that leads out of a run folder is not followed.
 * @throws UsageError where there is no run, or the port is taken; StoreError for a damaged run; AbortError.
 */
export async function startViewServer({
  paths,
  port = 0,
  scratch = tmpdir(),
  signal,
}: {
  /** Run folders; runs that are being written are shown as they are now. */
  paths: readonly string[]
  /** 0: any free one. */
  port?: number
  /** Folder for what is prepared, until the server is closed. */
  scratch?: string
  signal?: AbortSignal | undefined
}): Promise<ViewServer> {
  const view = await prepareView({ paths, scratch, signal })
  try {
    const secret = randomBytes(12).toString('hex')
    const app = buildApp({ view, secret })
    const address = await app.listen({ host: '127.0.0.1', port }).catch((cause: unknown) => {
      if (errorCode(cause) !== 'EADDRINUSE' && errorCode(cause) !== 'EACCES') throw cause
      throw new UsageError(
        `--port ${port}: 127.0.0.1 does not give it (${errorCode(cause)}). Choose another port, or leave it out.`,
        { cause },
      )
    })
    return {
      url: `${address}/${secret}/`,
      async close() {
        await app.close()
        await view.remove()
      },
    }
  } catch (cause) {
    await view.remove()
    throw cause
  }
}

function buildApp({ view, secret }: { view: PreparedView; secret: string }): FastifyInstance {
  const app = fastify({ logger: false, forceCloseConnections: true })
  app.addHook('onRequest', async (request, reply) => {
    // A page of somebody else's whose name leads here must not read along.
    const local = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')
    if (!local) return reply.code(403).send('This page is for this machine only.\n')
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    })
  })
  app.get(`/${secret}/`, async (_, reply) => reply.type('text/html; charset=utf-8').send(view.page))
  app.get<{ Params: { run: string; name: string } }>(
    `/${secret}/runs/:run/report/:name`,
    async ({ params: { run, name } }, reply) =>
      send(reply, 'text/javascript; charset=utf-8', view.chunkFile({ run, name })),
  )
  app.get<{ Params: { run: string; name: string } }>(
    `/${secret}/runs/:run/images/:name`,
    async ({ params: { run, name } }, reply) => send(reply, 'image/png', view.imageFile({ run, name })),
  )
  return app
}

/** A file that lies in its folder, links followed; else, 404. */
async function send(
  reply: FastifyReply,
  type: string,
  file: { folder: string; path: string } | null,
): Promise<FastifyReply> {
  const data = file === null ? null : await readInside(file)
  return data === null ? reply.code(404).type('text/plain').send('Not found\n') : reply.type(type).send(data)
}

async function readInside({ folder, path }: { folder: string; path: string }): Promise<Buffer | null> {
  try {
    const [outer, inner] = await Promise.all([realpath(folder), realpath(path)])
    return inner.startsWith(outer + sep) ? await readFile(inner) : null
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EACCES'].includes(errorCode(cause) ?? '')) return null
    throw cause
  }
}
