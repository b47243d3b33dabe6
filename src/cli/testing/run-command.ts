import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The built program, as a user runs it. */
const PROGRAM = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Run a command to its end, with Ctrl-C once when what it said on stderr is what is waited for. */
export function runCommand({
  args,
  cwd,
  environment = {},
  interruptWhen,
}: {
  args: readonly string[]
  cwd: string
  /** Beside that of the tests. */
  environment?: Readonly<Record<string, string>> | undefined
  interruptWhen?: ((stderr: string) => boolean) | undefined
}): Promise<Finished> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  })
  const out = { stdout: '', stderr: '' }
  let isInterrupted = false
  child.stdout.on('data', (chunk) => (out.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => {
    out.stderr += String(chunk)
    if (isInterrupted || interruptWhen?.(out.stderr) !== true) return
    isInterrupted = true
    child.kill('SIGINT')
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...out })))
}
