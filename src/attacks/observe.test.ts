import { expect, test } from '@jest/globals'
import type { ExecutionFailed } from '../core/execution.js'
import type { Outcome } from './attack.js'
import { observe } from './observe.js'

function failed(fields: Pick<ExecutionFailed, 'kind' | 'type' | 'message'>): Outcome {
  const rest = { traceback: '', line: null, stdout: '', operations: [], durationMs: 1 }
  return { status: 'answered', execution: { status: 'error', ...rest, ...fields } }
}

test.each([
  [{ kind: 'runtime', type: 'PermissionError', message: '[Errno 1] no' }, 'seccomp', 'EPERM'],
  [{ kind: 'runtime', type: 'PermissionError', message: '[Errno 13] no' }, 'Landlock', 'EACCES'],
  [{ kind: 'runtime', type: 'OSError', message: '[Errno 101] no' }, 'no network', 'ENETUNREACH'],
  [{ kind: 'runtime', type: 'OSError', message: '[Errno 74] odd' }, 'the kernel', 'errno 74'],
  [{ kind: 'memory', type: 'MemoryError', message: '' }, 'RLIMIT_AS', 'MemoryError'],
  [{ kind: 'crash', type: null, message: 'died (SIGSEGV)' }, 'a process for one call', 'SIGSEGV'],
  [{ kind: 'timeout', type: null, message: '' }, 'deadline of the host', 'timeout'],
] as const)('%j tells of its layer', (fields, layer, evidence) => {
  expect(observe(failed(fields), () => true)).toMatchObject({ layer, evidence })
})

test('what ends well without being harmless was stopped by nothing', () => {
  const outcome = { status: 'machine error', message: 'the host is gone' } as const
  expect(observe(outcome, () => true)).toBeNull()
})
