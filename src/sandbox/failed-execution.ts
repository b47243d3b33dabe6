import type { ExecutionFailed, Operation } from '../core/execution.js'
import type { FinishedError } from './host-event.js'
import { unconfirmedOperations } from './operations/confirm-operations.js'

/**
 * A call that left no image, as its caller sees it.
 * @param used uses of tools, of which the controller itself knows.
 */
export function failedExecution({
  verdict: { kind, type, message, traceback, line, width, height, stdout, operations },
  used,
  durationMs,
}: {
  verdict: FinishedError
  used: readonly Operation[]
  durationMs: number
}): ExecutionFailed {
  const size = width !== undefined && height !== undefined ? { width, height } : {}
  return {
    status: 'error',
    kind,
    type,
    message,
    traceback,
    line,
    ...size,
    stdout,
    operations: [...unconfirmedOperations(operations), ...used],
    durationMs,
  }
}

/** Code so long that it was not even sent. */
export function tooLong(code: string): ExecutionFailed {
  return {
    status: 'error',
    kind: 'policy',
    type: null,
    message: `the code has ${code.length.toLocaleString('en')} characters, which is too long`,
    traceback: '',
    line: null,
    stdout: '',
    operations: [],
    durationMs: 0,
  }
}
