import { describe, expect, test } from '@jest/globals'
import type { ExecutionFailed, ExecutionOk } from '../core/execution.js'
import { executionFeedback, problemFeedback } from './feedback.js'

const call = { code: 'a = 1\nb = 2\nc = a / 0\nd = 4\ne = 5\nf = 6', imageIndex: 1 }
const base = { stdout: '', operations: [], durationMs: 3 }
const ok: ExecutionOk<{ width: number; height: number }> = {
  ...base,
  status: 'ok',
  image: { width: 640, height: 480 },
  unchanged: false,
  imageIndex: 2,
}
const failed: ExecutionFailed = {
  ...base,
  status: 'error',
  kind: 'runtime',
  type: 'ZeroDivisionError',
  message: 'division by zero',
  traceback: 'File "<code>", line 3, in <module>\n',
  line: 3,
}

describe('style standard', () => {
  test('a new image is told by index and size', () => {
    const text = executionFeedback({ call, execution: ok, note: null, style: 'standard' })
    expect(text).toBe('Image 2 (640 × 480 pixels) is the result.')
  })

  test('an unchanged image, what was printed, and the note', () => {
    const execution = { ...ok, unchanged: true, stdout: 'size (640, 480)\n' }
    const text = executionFeedback({ call, execution, note: 'One call a turn.', style: 'standard' })
    expect(text).toBe(
      'Image 2 (640 × 480 pixels) is the result. It has the same pixels as image 1: the code changed nothing.\n\n' +
        'Printed:\nsize (640, 480)\n\nOne call a turn.',
    )
  })

  test('a failure shows kind, message, the line with two around it, and the traceback', () => {
    const text = executionFeedback({ call, execution: failed, note: null, style: 'standard' })
    expect(text).toBe(
      [
        'The code failed (runtime): ZeroDivisionError: division by zero',
        '  1 | a = 1',
        '  2 | b = 2',
        '> 3 | c = a / 0',
        '  4 | d = 4',
        '  5 | e = 5',
        'File "<code>", line 3, in <module>',
        'No image was added.',
      ].join('\n'),
    )
  })

  test('a line that the code does not have is not shown', () => {
    const execution = { ...failed, line: 40 }
    expect(executionFeedback({ call, execution, note: null, style: 'standard' })).not.toContain('|')
  })

  test('a refused result is told with its size', () => {
    const execution: ExecutionFailed = {
      ...failed,
      kind: 'result',
      type: null,
      message: 'too long',
      traceback: '',
      line: null,
      width: 900,
      height: 2,
    }
    expect(executionFeedback({ call, execution, note: null, style: 'standard' })).toBe(
      'The code left no usable image (result): too long (900 × 2 pixels)\nNo image was added.',
    )
  })

  test('a text that is too long keeps head and tail', () => {
    const execution = { ...ok, stdout: `start${'x'.repeat(20_000)}end` }
    const text = executionFeedback({ call, execution, note: null, style: 'standard' })
    expect(text.length).toBeLessThanOrEqual(10_000)
    expect(text).toMatch(/^Image 2.*start.*characters left out.*end$/s)
  })
})

describe('style release', () => {
  test('a failure is one line', () => {
    const execution = { ...failed, message: 'bad\n  thing' }
    expect(executionFeedback({ call, execution, note: 'n', style: 'release' })).toBe('Error: bad thing')
  })

  test('an unknown tool is told as its KeyError', () => {
    const problem = { type: 'unknown-tool', name: 'zoom', known: ['code_image_tool'] } as const
    expect(problemFeedback({ problem, style: 'release' })).toBe("Error when executing tool: 'zoom'")
  })

  test('no text of the standard style goes with a new image', () => {
    const text = executionFeedback({ call, execution: { ...ok, stdout: 'hi' }, note: 'n', style: 'release' })
    expect(text).not.toMatch(/hi|pixels|\n/)
  })
})
