import { limitText } from '../agent/limit-text.js'
import type { RolloutEvent } from '../agent/rollout-event.js'
import type { CodeCall } from '../core/code-call.js'
import type { Execution, ExecutionRecord } from '../core/execution.js'
import type { StopReason, TrajectoryCall } from '../core/trajectory.js'

/** Of a turn's text, in characters; trajectory.json has it whole. */
const LONGEST_SHOWN = 4_000

const STOPS: Readonly<Record<Exclude<StopReason, 'answer'>, string>> = {
  'turn-limit': 'no answer within the limit of turns (--turns)',
  'token-limit': 'the conversation reached its limit of tokens (agent.totalTokens)',
  truncated:
    'its text reached the limit of a turn and was cut (--max-characters, --max-tokens, or the server’s own)',
}

/** One event of a rollout as lines for the terminal; empty where there is nothing to see. */
export function showEvent(event: RolloutEvent): string {
  switch (event.type) {
    case 'animated-image':
      return `Image ${event.index} holds several frames or pages: the first is used.`
    case 'turn-started':
      return `\n── turn ${event.turn + 1} ${'─'.repeat(60)}`
    case 'text':
      return event.text.trim() === '' && event.calls === 0
        ? '(the policy wrote nothing)'
        : withoutCall(event.text)
    case 'call':
      return `${event.note === null ? '' : `${event.note}\n`}${showCode(event.call)}`
    case 'malformed-call':
      return `✗ the call could not be read: ${event.message}`
    case 'execution':
      return showExecution(event.execution)
    case 'stopped':
      return event.stop === 'answer'
        ? ''
        : `\nStopped after ${event.turns} turn${event.turns === 1 ? '' : 's'}: ${STOPS[event.stop]}.`
  }
}

/** A call of a finished trajectory with what came of it, shown alike. */
export function showCall({ call, execution }: TrajectoryCall): string[] {
  return [showCode(call), showExecution(execution)]
}

function showCode({ code, description, imageIndex = 0 }: CodeCall): string {
  return `code over image ${imageIndex}${description ? `: ${description}` : ''}\n${numbered(code)}`
}

function showExecution(execution: Execution | ExecutionRecord): string {
  const took = `${execution.durationMs.toFixed(0)} ms`
  const printed =
    execution.stdout.trim() === '' ? '' : `\n${indented(execution.stdout.trimEnd(), '  printed │ ')}`
  if (execution.status === 'ok') {
    const { image, imageIndex, unchanged } = execution
    return `✓ image ${imageIndex}: ${image.width}×${image.height} ${image.mode}${unchanged ? ', unchanged' : ''} (${took})${printed}`
  }
  const { kind, type, message, line } = execution
  return `✗ ${kind}${line === null ? '' : ` in line ${line}`} (${took}): ${type === null ? '' : `${type}: `}${message}${printed}`
}

/** What the model thought and said; its calls are shown as code of their own. */
function withoutCall(text: string): string {
  const said = text.replace(/<tool_call>[\s\S]*?(<\/tool_call>|$)/g, '').trim()
  return limitText({ text: said, limit: LONGEST_SHOWN })
}

function numbered(code: string): string {
  const lines = code.trimEnd().split('\n')
  return lines.map((line, index) => `${String(index + 1).padStart(4)} │ ${line}`).join('\n')
}

function indented(text: string, prefix: string): string {
  return text.replace(/^/gm, prefix)
}
