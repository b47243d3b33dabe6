import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ServiceProcessError, UsageError } from '../core/errors.js'
import { packageDirectory } from '../setup/package-paths.js'

/** A service of this program in a process of its own, which listens. */
export interface ServiceProcess {
  url: string
  pid: number
  /** How it ended: exit code or signal. */
  ended: Promise<string>
  /** SIGTERM. @returns its exit code; null where a signal ended it. */
  stop(): Promise<number | null>
  /** SIGKILL; of one that has ended already nothing is left to do. */
  kill(): void
}

/**
 * Start `codevision serve env`, or `serve mcp --http`, on a free port of this machine. It ends with this process, however that ends.
 * @param parameters.options of the command beside --port
 * @param parameters.signal ends it while it does not listen yet
 * @throws UsageError where it ends with exit code 2 before it listens, else ServiceProcessError; why is on stderr. AbortError
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
  const command = ['serve', kind, ...(kind === 'mcp' ? ['--http'] : []), '--port', '0', '--end-with-stdin']
  const child = spawn(process.execPath, [program, ...command, ...options], {
    // The end of its input, which the system closes whatever becomes of this process, tells it to end.
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const ended = exit.then(([code, by]) => (code === null ? String(by) : `exit code ${code}`))
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
      Promise.all([exit, ended]).then(([[code], how]) => {
        const Kind = code === 2 ? UsageError : ServiceProcessError
        const got = `${how}${text === '' ? '' : ` and ${JSON.stringify(text.slice(-300))}`}`
        reject(new Kind(`codevision serve ${kind}: expected it to listen, got ${got}; why stands above.`))
      }, reject)
    })
    const { pid } = child
    if (pid === undefined) throw new TypeError('expected the id of a process that listens')
    return {
      url,
      pid,
      ended,
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
