import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageDirectory } from '../../setup/package-paths.js'

/** `codevision serve env` in a process of its own. */
export interface ServedEnvironment {
  url: string
  pid: number
  /** SIGTERM. @returns its exit code; null where a signal ended it. */
  stop(): Promise<number | null>
  /** SIGKILL; of one that has ended already nothing is left to do. */
  kill(): void
}

/** Start it on a free port. @param options of the command beside --port. @throws Error where it ends before it listens. */
export async function serveEnvironment(options: readonly string[]): Promise<ServedEnvironment> {
  const program = join(packageDirectory(), 'dist', 'cli', 'main.js')
  const child = spawn(process.execPath, [program, 'serve', 'env', '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += String(chunk)
      const found = /on (http:\/\/\S+?)\.?\s/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    exit.then(
      ([code, signal]) => reject(new Error(`codevision serve env ended with ${code ?? signal}: ${text}`)),
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
}
