import type { Execution, ExecutionFailed } from '../core/execution.js'
import type { Outcome, Stop } from './attack.js'

/** Which layer answers with which errno; what several layers share is told apart by leaving them out. */
const BY_ERRNO: Readonly<Record<string, Stop>> = {
  '1': { evidence: 'EPERM', layer: 'seccomp', switch: 'seccomp' },
  '2': { evidence: 'ENOENT', layer: 'own mount namespace' },
  '3': { evidence: 'ESRCH', layer: 'own pid namespace' },
  '11': { evidence: 'EAGAIN', layer: 'RLIMIT_NPROC', switch: 'rlimits' },
  '12': { evidence: 'ENOMEM', layer: 'resource limits', switch: 'rlimits' },
  '13': { evidence: 'EACCES', layer: 'Landlock', switch: 'landlock' },
  '24': { evidence: 'EMFILE', layer: 'RLIMIT_NOFILE', switch: 'rlimits' },
  '27': { evidence: 'EFBIG', layer: 'RLIMIT_FSIZE', switch: 'rlimits' },
  '28': { evidence: 'ENOSPC', layer: 'bounded tmpfs' },
  '30': { evidence: 'EROFS', layer: 'read-only root' },
  '101': { evidence: 'ENETUNREACH', layer: 'no network' },
  '111': { evidence: 'ECONNREFUSED', layer: 'own network namespace' },
}

/** The layer that an outcome tells of; null where the attack got through. */
export function observe(outcome: Outcome, isHarmless: (execution: Execution) => boolean): Stop | null {
  switch (outcome.status) {
    case 'refused':
      return { layer: 'decoder in a worker', evidence: 'ImageError' }
    case 'machine error':
      return null
    case 'answered':
      if (outcome.execution.status === 'error') return ofFailure(outcome.execution)
      return isHarmless(outcome.execution)
        ? { layer: 'nothing there to be reached', evidence: 'harmless' }
        : null
  }
}

function ofFailure({ kind, type, message }: ExecutionFailed): Stop {
  switch (kind) {
    case 'timeout':
      return { layer: 'deadline of the host', evidence: 'timeout' }
    case 'memory':
      if (type === 'MemoryError') return { layer: 'RLIMIT_AS', evidence: 'MemoryError', switch: 'rlimits' }
      return message.includes('files')
        ? { layer: 'watch of the host over files', evidence: 'memory' }
        : { layer: 'memory of the machine', evidence: 'SIGKILL' }
    case 'output':
      return { layer: 'check of the answer', evidence: 'malformed answer' }
    case 'result':
      return { layer: 'check of the result', evidence: 'result refused' }
    case 'policy':
      return { layer: 'rule of the profile', evidence: 'policy' }
    case 'syntax':
      return { layer: "the interpreter's parser", evidence: 'SyntaxError' }
    case 'crash':
      return { layer: 'a process for one call', evidence: /SIG\w+|exit status/.exec(message)?.[0] ?? 'ended' }
    case 'runtime':
      return ofException(type, message)
  }
}

function ofException(type: string | null, message: string): Stop {
  const errno = /\[Errno (\d+)\]/.exec(message)?.[1]
  if (type === 'ToolError') return { layer: 'check of what a tool is asked', evidence: 'ToolError' }
  if (errno !== undefined) return BY_ERRNO[errno] ?? { layer: 'the kernel', evidence: `errno ${errno}` }
  return { layer: 'the interpreter', evidence: type ?? 'exception' }
}
