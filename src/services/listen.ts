import { lstatSync, rmSync, type Stats } from 'node:fs'
import { chmod, lstat, mkdtemp, rename, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { errorCode } from '../core/error-code.js'
import { UsageError } from '../core/errors.js'
import type { ListenAddress } from './access.js'

/** Start to listen. @returns where, as a URL or path. @throws UsageError where the address is taken. */
export async function listen({
  app,
  address,
}: {
  app: FastifyInstance
  address: ListenAddress
}): Promise<string> {
  if (address.kind === 'unix') return listenOnSocket(app, address)
  const { host, port } = address
  try {
    return await app.listen({ host, port })
  } catch (cause) {
    if (errorCode(cause) !== 'EADDRINUSE' && errorCode(cause) !== 'EACCES') throw cause
    throw new UsageError(
      `--port ${port}: ${host} does not give it (${errorCode(cause)}). Choose another port.`,
      { cause },
    )
  }
}

/** The file appears under its name with its permissions already set: nobody can connect in between. */
async function listenOnSocket(
  app: FastifyInstance,
  { path, mode }: { path: string; mode: number },
): Promise<string> {
  await expectFree(path)
  const folder = await mkdtemp(join(dirname(path), '.socket-')).catch((cause: Error) => {
    throw new UsageError(`--socket ${path}: its folder cannot be written (${cause.message}).`, { cause })
  })
  let mine: Stats
  try {
    const early = join(folder, 's')
    await app.listen({ path: early })
    await chmod(early, mode)
    mine = await lstat(early)
    await rename(early, path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  // At once: the process may end right after. While the last answers went out, the next service may have taken the path.
  app.server.once('close', () => {
    const there = lstatSync(path, { throwIfNoEntry: false })
    if (there?.ino === mine.ino && there.dev === mine.dev) rmSync(path, { force: true })
  })
  return path
}

/** A socket that a killed service left behind may go; one that answers, or another kind of file, may not. */
async function expectFree(path: string): Promise<void> {
  const status = await lstat(path).catch(() => undefined)
  if (status === undefined) return
  if (!status.isSocket())
    throw new UsageError(`--socket ${path}: there is a file of another kind. Choose another path.`)
  if (await answers(path))
    throw new UsageError(`--socket ${path}: another service listens there. End it, or choose another path.`)
}

async function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
