import { createInterface } from 'node:readline'
import { execa } from 'execa'
import { z } from 'zod'
import type { Load, Measured, Peer, PeerName } from './peer.js'

const answer = z.object({
  milliseconds: z.array(z.number()).min(1),
  seconds: z.number().positive(),
  sha256: z.string().nullable(),
  traceback: z.string().nullable(),
})

type Client = { ask: (request: object) => Promise<z.infer<typeof answer>>; close: () => Promise<void> }

/** A peer whose calls are made and timed in Python processes, one for each caller; they are kept for later loads. */
export function pythonPeer({
  name,
  command: [file, ...args],
}: {
  name: PeerName
  command: [string, ...string[]]
}): Peer {
  const clients: Promise<Client>[] = []
  return {
    name,
    async measure({ image, code, concurrency, seconds, calls, pauseMs }: Load): Promise<Measured> {
      while (clients.length < concurrency) clients.push(startClient(file, args))
      const ready = await Promise.all(clients.slice(0, concurrency))
      const request = {
        image: image.raw,
        width: image.side,
        height: image.side,
        code,
        seconds,
        calls,
        pauseMs,
      }
      const answers = await Promise.all(ready.map((client) => client.ask(request)))
      return {
        milliseconds: answers.flatMap(({ milliseconds }) => milliseconds),
        callsPerSecond: answers.reduce((sum, each) => sum + each.milliseconds.length / each.seconds, 0),
        answers: answers.map(({ sha256, traceback }) => ({ sha256, traceback })),
      }
    },
    async close() {
      const started = await Promise.allSettled(clients)
      await Promise.all(started.map((each) => (each.status === 'fulfilled' ? each.value.close() : undefined)))
    },
  }
}

async function startClient(file: string, args: readonly string[]): Promise<Client> {
  const child = execa(file, args, {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: { stdout: false },
    reject: false,
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
    extendEnv: false,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next()
    if (done !== true) return value
    throw new Error(`${[file, ...args].join(' ')} ended: ${(await child).stderr}`)
  }
  await next()
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return answer.parse(JSON.parse(await next()))
    },
    async close() {
      child.stdin.end()
      await child
    },
  }
}
