import { readFileSync } from 'node:fs'
import { execa } from 'execa'
import { errorCode } from '../core/error-code.js'
import type { Wire } from './wire.js'

export interface ProcessWireParameters {
  /** Program and its arguments. */
  command: readonly [string, ...string[]]
  /** The whole environment of the process; nothing is inherited. */
  environment: Readonly<Record<string, string>>
  /**
   * Called once, after the process is gone or was killed: ends what else there is, such as a container. `isGraceful`: it left by itself, with exit
   * code 0. Must not reject.
   */
  onKill?: (parameters: { isGraceful: boolean }) => Promise<void>
}

/** A wire over stdin and stderr of a process started here. */
export function startProcess({ command: [file, ...args], environment, onKill }: ProcessWireParameters): Wire {
  const child = execa(file, args, {
    env: { ...environment },
    extendEnv: false,
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    encoding: 'buffer',
    forceKillAfterDelay: 500,
    cleanup: true,
  })
  let killed = false
  let cleanup: Promise<void> | undefined
  const clean = (isGraceful: boolean): Promise<void> =>
    (cleanup ??= onKill?.({ isGraceful }) ?? Promise.resolve())
  const ended = child.then((result) => {
    void clean(result.exitCode === 0)
    if (result.code === 'ENOENT') return `${file} was not found`
    if (result.signal !== undefined) return killed ? 'it was stopped' : `it was ended by ${result.signal}`
    if (result.exitCode === undefined) return `it could not be started: ${result.shortMessage}`
    return `it ended with exit code ${result.exitCode}`
  })
  // A process that ends early breaks the pipe; `ended` tells why.
  child.stdin.on('error', () => undefined)
  child.stderr.on('error', () => undefined)
  return {
    input: child.stdin,
    output: child.stderr,
    ended,
    gone: ended.then(() => cleanup),
    kill() {
      if (killed) return
      killed = true
      // Those that it has started and not yet bound to its own life would outlive it.
      const started = childrenOf(child.pid)
      child.kill('SIGKILL')
      started.forEach(end)
      // They must not keep us waiting for their output either.
      child.stdin.destroy()
      child.stderr.destroy()
      void clean(false)
    },
  }
}

function childrenOf(pid: number | undefined): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
    return text.split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // it is gone, or there is no such file on this system
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}
