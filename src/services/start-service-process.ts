import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageDirectory } from '../setup/package-paths.js'

/** A service of this program in a process of its own, which listens. */
export interface ServiceProcess {
  url: string
  pid: number
  /** SIGTERM. @returns its exit code; null where a signal ended it. */
  stop(): Promise<number | null>
  /** SIGKILL; of one that has ended already nothing is left to do. */
  kill(): void
}

/**
 * Start `codevision serve env`, or `serve mcp --http`, on a free port of this machine.
 * @param parameters.options of the command beside --port
 * @param parameters.signal ends it while it does not listen yet
 * @throws Error where it ends before it listens
 */
export async function startServiceProcess({
  kind,
  options,
  signal,
}: {
  kind: 'env' | 'mcp'
  options: readonly string[]
  signal?: AbortSignal | undefined
}): Promise<ServiceProcess> {
  signal?.throwIfAborted()
  const program = join(packageDirectory(), 'dist', 'cli', 'main.js')
  const command = ['serve', kind, ...(kind === 'mcp' ? ['--http'] : []), '--port', '0']
  const child = spawn(process.execPath, [program, ...command, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const onAbort = (): void => void child.kill('SIGTERM')
  signal?.addEventListener('abort', onAbort)
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let text = ''
      child.stdout.on('data', (chunk) => {
        text += String(chunk)
        const found = /on (http:\/\/\S+?)\.?\s/.exec(text)?.[1]
        if (found !== undefined) resolve(found)
      })
      exit.then(
        ([code, by]) => reject(new Error(`codevision serve ${kind} ended with ${code ?? by}: ${text}`)),
        reject,
      )
    })
    const { pid } = child
    if (pid === undefined) throw new TypeError('expected the id of a process that listens')
    return {
      url,
      pid,
      stop: async () => {
        child.kill('SIGTERM')
        const [code] = await exit
        return code
      },
      kill: () => void child.kill('SIGKILL'),
    }
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
