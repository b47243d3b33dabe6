import type { Containment } from '../core/sandbox.js'
import { SANDBOX_UID, type RuntimeName } from './runtime.js'

export interface ContainmentParameters {
  runtime: RuntimeName
  isRoot: boolean
  /** What the host's control group allows all its processes together; null where there is no such limit. */
  group: { memoryBytes: number | null; pids: number | null }
  /** Of one call. */
  memoryBytes: number
  /** Calls that run at the same time in one host. */
  concurrency: number
}

/** By what each kind of harm is kept out of this machine, the substitute named where the usual means does not exist (docs/security.md). */
export function containmentOf({
  runtime,
  isRoot,
  group,
  memoryBytes,
  concurrency,
}: ContainmentParameters): Containment {
  const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`
  return {
    ...outer(runtime, isRoot),
    'memory of all':
      group.memoryBytes === null
        ? `no group: ${mib(memoryBytes)} a call × ${concurrency} calls at a time`
        : `group of ${mib(group.memoryBytes)}`,
    'processes of all': group.pids === null ? 'no group: workers may start none' : `group of ${group.pids}`,
    worker: 'Landlock, seccomp, resource limits, single use',
  }
}

function outer(
  runtime: RuntimeName,
  isRoot: boolean,
): Record<'files' | 'network' | 'other processes' | 'user', string> {
  switch (runtime) {
    case 'bubblewrap':
      return {
        files: 'own mount namespace, read-only',
        network: 'own, empty namespace',
        'other processes': 'own pid and IPC namespaces',
        user: isRoot ? `uid ${SANDBOX_UID}` : `uid ${SANDBOX_UID} of an own user namespace`,
      }
    case 'docker':
    case 'podman':
      return {
        files: 'image, read-only',
        network: 'none',
        'other processes': 'own pid and IPC namespaces',
        user: isRoot ? `uid ${SANDBOX_UID}` : "this user's uid, without capabilities",
      }
    case 'socket': {
      const unseen = 'as its container was started'
      return { files: unseen, network: unseen, 'other processes': unseen, user: unseen }
    }
    case 'none':
      return {
        files: 'of the worker alone: Landlock',
        network: 'of the worker alone: seccomp',
        'other processes': 'of the worker alone: seccomp',
        user: "this user's",
      }
  }
}
