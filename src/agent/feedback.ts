import type { CodeCall } from '../core/code-call.js'
import type { ErrorKind, Execution, ExecutionFailed, ExecutionOk } from '../core/execution.js'
import type { CallProblem } from './call-problem.js'
import { describeProblem, describeProblemAsRelease } from './describe-problem.js'
import { limitText } from './limit-text.js'
import { RELEASE_ERROR_PREFIX, RELEASE_OK } from './release-messages.js'

/** `standard`: everything that helps to go on; `release`: one line, as the released environment answers. */
export type FeedbackStyle = 'standard' | 'release'

const LINES_AROUND = 2

/** What each kind of failure means, for the model. */
const KINDS: Readonly<Record<ErrorKind, string>> = {
  syntax: 'The code is not valid Python',
  policy: 'The code was refused',
  runtime: 'The code failed',
  timeout: 'The code took too long',
  memory: 'The code needed too much memory',
  output: 'The result could not be taken over',
  result: 'The code left no usable image',
  crash: 'The code crashed its process',
}

/** Text of the tool message that answers a call which was run; at most 10,000 characters (head and tail kept). */
export function executionFeedback({
  call,
  execution,
  note,
  style,
}: {
  call: CodeCall
  execution: Execution<{ width: number; height: number }>
  note: string | null
  style: FeedbackStyle
}): string {
  if (style === 'release') {
    return limitText({
      text: execution.status === 'ok' ? RELEASE_OK : `${RELEASE_ERROR_PREFIX}${oneLine(execution.message)}`,
    })
  }
  const told = execution.status === 'ok' ? okText({ call, execution }) : failedText({ call, execution })
  const output = execution.stdout.trimEnd()
  return limitText({
    text: [told, output === '' ? null : `Printed:\n${output}`, note]
      .filter((part) => part !== null)
      .join('\n\n'),
  })
}

/** Text of the tool message that answers a call which could not be run. */
export function problemFeedback({ problem, style }: { problem: CallProblem; style: FeedbackStyle }): string {
  const text = style === 'standard' ? describeProblem(problem) : oneLine(describeProblemAsRelease(problem))
  return limitText({ text })
}

function okText({
  call,
  execution: { image, imageIndex, unchanged },
}: {
  call: CodeCall
  execution: ExecutionOk<{ width: number; height: number }>
}): string {
  const made = `Image ${imageIndex} (${image.width} × ${image.height} pixels) is the result.`
  return unchanged
    ? `${made} It has the same pixels as image ${call.imageIndex ?? 0}: the code changed nothing.`
    : made
}

function failedText({ call, execution }: { call: CodeCall; execution: ExecutionFailed }): string {
  const { kind, type, message, line, traceback, width, height } = execution
  const size = width !== undefined && height !== undefined ? ` (${width} × ${height} pixels)` : ''
  const parts = [
    `${KINDS[kind]} (${kind}): ${type === null ? '' : `${type}: `}${message}${size}`,
    line === null ? null : codeAround({ code: call.code, line }),
    traceback.trimEnd(),
    'No image was added.',
  ]
  return parts.filter((part) => part !== null && part !== '').join('\n')
}

/** The failing line of the model's code, marked, with two lines around it; null where the code has no such line. */
function codeAround({ code, line }: { code: string; line: number }): string | null {
  const lines = code.split(/\r\n|\r|\n/)
  if (line < 1 || line > lines.length) return null
  const first = Math.max(1, line - LINES_AROUND)
  const last = Math.min(lines.length, line + LINES_AROUND)
  const width = String(last).length
  return lines
    .slice(first - 1, last)
    .map((text, index) => {
      const number = first + index
      return `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text}`
    })
    .join('\n')
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim()
}
