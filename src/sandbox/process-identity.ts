import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** The space in which process ids count (Linux); 0 elsewhere. */
export function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0'
  } catch {
    return '0'
  }
}

/** Whether a process of this pid namespace lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** `MACHINE/NAMESPACE/PID` of this process: an engine may serve other machines and containers too, where our process ids mean nothing. */
export function processIdentity(): string {
  return `${machine()}/${pidNamespace()}/${process.pid}`
}

/** Whether the process of an identity is known to be gone; false where it cannot be asked from here. */
export function isProcessGone(identity: string): boolean {
  const [on, namespace, pid] = identity.split('/')
  return on === machine() && namespace === pidNamespace() && /^\d+$/.test(pid ?? '') && !isAlive(Number(pid))
}

/** This start of this machine: other machines may have the same name. */
function machine(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return hostname()
  }
}
