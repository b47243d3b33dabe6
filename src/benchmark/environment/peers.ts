import { WebSocket } from 'ws'
import type { Sandbox, SandboxSession } from '../../core/sandbox.js'
import { fileOfItsOwn } from '../file-of-its-own.js'

/** One rollout at a time: begun, and turned until it is begun anew. */
export interface Rollout {
  begin(): Promise<void>
  /** One call, until the PNG of its result is in hand. */
  turn(code: string): Promise<void>
  close(): Promise<void>
}

/** Bounds that `serve env` has where nothing else is said. */
const VIEW = { minPixels: 28 * 28, maxPixels: 8192 * 28 * 28 }

/** The sandbox, used directly in this process. */
export function directRollout({
  sandbox,
  png,
  number,
}: {
  sandbox: Sandbox
  png: Buffer
  number: number
}): Rollout {
  let session: SandboxSession | undefined
  const file = fileOfItsOwn({ png, number })
  return {
    async begin() {
      await session?.close()
      session = await sandbox.open([file])
      await (await session.view(0, VIEW)).png()
    },
    async turn(code) {
      const execution = await session?.execute({ code })
      if (session === undefined || execution?.status !== 'ok') throw new Error('a call failed')
      await (await session.view(execution.imageIndex, VIEW)).png()
    },
    async close() {
      await session?.close()
    },
  }
}

/** An episode of the service, over a WebSocket as OpenEnv's clients speak. */
export async function servedRollout({ url, number }: { url: string; number: number }): Promise<Rollout> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const ask = async (message: object): Promise<void> => {
    const answer = new Promise<string>((resolve, reject) => {
      socket.once('message', (data) => resolve(String(data)))
      socket.once('close', () => reject(new Error('the connection was closed')))
    })
    socket.send(JSON.stringify(message))
    const { type, data } = JSON.parse(await answer) as {
      type: string
      data: { message?: string; observation?: { images: { data: string }[] } }
    }
    socket.removeAllListeners('close')
    if (type !== 'observation') throw new Error(data.message)
    const [image] = data.observation?.images ?? []
    if (image === undefined) throw new Error('a call failed')
    Buffer.from(image.data, 'base64')
  }
  return {
    begin: () => ask({ type: 'reset', data: { task: number % 256 } }),
    turn: (code) => ask({ type: 'step', data: { code } }),
    async close() {
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.close()
      await closed
    },
  }
}
