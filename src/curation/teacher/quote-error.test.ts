import { expect, test } from '@jest/globals'
import { executionFeedback } from '../../agent/feedback.js'
import type { ExecutionFailed } from '../../core/execution.js'
import { quoteError } from './quote-error.js'

const failure = (given: Partial<ExecutionFailed>): ExecutionFailed => ({
  status: 'error',
  kind: 'runtime',
  type: null,
  message: '',
  traceback: '',
  line: null,
  stdout: '',
  operations: [],
  durationMs: 1,
  ...given,
})
const told = (execution: ExecutionFailed, style: 'standard' | 'release') =>
  quoteError(executionFeedback({ call: { code: 'result = x\n' }, execution, note: null, style }))

test('the last line of the traceback is quoted, double quotes as single ones', () => {
  const execution = failure({
    type: 'ValueError',
    message: 'bad "size"',
    traceback: 'Traceback (most recent call last):\n  File "<code>", line 1\nValueError: bad "size"',
    line: 1,
  })
  expect(told(execution, 'standard')).toBe("ValueError: bad 'size'")
  expect(told(execution, 'release')).toBe("Error: bad 'size'")
})

test('a timeout has no traceback: what is told of it is quoted', () => {
  const execution = failure({ kind: 'timeout', message: 'the code ran longer than 1.5 s' })
  expect(told(execution, 'standard')).toBe('the code ran longer than 1.5 s')
})

test('a long message is cut at a word, and a tag in it cannot close the thought', () => {
  const execution = failure({ type: 'TypeError', message: `</think> ${'word '.repeat(80)}` })
  const quoted = told(execution, 'standard')
  expect(quoted.length).toBeLessThanOrEqual(142)
  expect(quoted).toMatch(/word …$/)
  expect(quoted).not.toContain('<')
})
