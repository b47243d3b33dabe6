import type { CodeCall } from '../../core/code-call.js'
import type { ExecutionFailed } from '../../core/execution.js'

/** What goes wrong in a call: code that fails in one of three ways, or a turn that does not set the picture right. */
export const MISTAKES = ['missing-name', 'bad-argument', 'wrong-index', 'wrong-turn'] as const
export type Mistake = (typeof MISTAKES)[number]
export type FailingMistake = Exclude<Mistake, 'wrong-turn'>

/** A name that the tool's code does not know. */
export const MISSING_NAME = 'picture'

/** How the next thought begins. */
export const RECOVERIES: Readonly<Record<FailingMistake, string>> = {
  'missing-name': 'The name is image. ',
  'bad-argument': 'The box needs brackets of its own. ',
  'wrong-index': 'There is no such image. ',
}

/** The same call with a mistake in it, and how the sandbox answers it when the session holds `images` images. */
export function spoil({
  call,
  mistake,
  images,
}: {
  call: Required<CodeCall>
  mistake: FailingMistake
  images: number
}): { call: Required<CodeCall>; execution: ExecutionFailed } {
  switch (mistake) {
    case 'missing-name': {
      const code = call.code.replace(/\bimage\b/, MISSING_NAME)
      const message = `name '${MISSING_NAME}' is not defined`
      const at = code.indexOf(MISSING_NAME)
      return {
        call: { ...call, code },
        execution: raised({ code, type: 'NameError', message, from: at, to: at + MISSING_NAME.length }),
      }
    }
    case 'bad-argument': {
      const code = call.code.replace('((', '(').replace('))', ')')
      const message = 'Image.crop() takes from 1 to 2 positional arguments but 5 were given'
      const from = code.indexOf('image')
      return {
        call: { ...call, code },
        execution: raised({ code, type: 'TypeError', message, from, to: code.length }),
      }
    }
    case 'wrong-index': {
      const message = `image_index ${images} is out of range: the trajectory has ${images} image(s), 0 to ${images - 1}`
      return {
        call: { ...call, imageIndex: images },
        execution: failed({ type: 'IndexError', message, traceback: '', line: null }),
      }
    }
  }
}

function failed(error: Pick<ExecutionFailed, 'type' | 'message' | 'traceback' | 'line'>): ExecutionFailed {
  return { status: 'error', kind: 'runtime', stdout: '', operations: [], durationMs: 0, ...error }
}

/** What the sandbox's Python 3.11 writes of an error on the only line of the code, in columns `from` to `to`. */
function raised({
  code,
  type,
  message,
  from,
  to,
}: {
  code: string
  type: string
  message: string
  from: number
  to: number
}): ExecutionFailed {
  const marks = `${' '.repeat(from)}${'^'.repeat(to - from)}`
  const lines = [
    'Traceback (most recent call last):',
    '  File "<code>", line 1, in <module>',
    `    ${code}`,
    `    ${marks}`,
    `${type}: ${message}`,
  ]
  return failed({ type, message, traceback: `${lines.join('\n')}\n`, line: 1 })
}
