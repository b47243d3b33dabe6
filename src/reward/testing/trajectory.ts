import type { Trajectory, TrajectoryCall } from '../../core/trajectory.js'

/** One call of a {@link trajectory}. */
export interface TestCall {
  code?: string
  description?: string
  stdout?: string
  ok?: boolean
}

/** A trajectory for tests: one turn a call, then a turn with `answer`. */
export function trajectory({
  calls = [],
  answer = '42',
}: {
  calls?: TestCall[]
  answer?: string
}): Trajectory {
  const messages = calls.flatMap((call): Trajectory['messages'] => [
    {
      role: 'assistant',
      content: [{ type: 'text', text: `<think>look</think><tool_call>${call.code ?? ''}</tool_call>` }],
    },
    { role: 'tool', content: [{ type: 'text', text: call.stdout ?? '' }] },
  ])
  const last = `<think>done</think><answer>${answer}</answer>`
  return {
    messages: [...messages, { role: 'assistant', content: [{ type: 'text', text: last }] }],
    images: [],
    calls: calls.map(executed),
    turns: calls.length + 1,
    malformedCalls: 0,
    stop: 'answer',
    usage: { promptTokens: 0, completionTokens: 0 },
  }
}

function executed(
  { code = '', description, stdout = '', ok = true }: TestCall,
  turn: number,
): TrajectoryCall {
  const common = { stdout, operations: [], durationMs: 1 }
  const image = { sha256: '0'.repeat(64), width: 9, height: 9, mode: 'RGB', sourceMode: 'RGB' } as const
  return {
    turn,
    call: { code, ...(description !== undefined && { description }) },
    execution: ok
      ? { status: 'ok', image, unchanged: false, imageIndex: turn + 1, ...common }
      : {
          status: 'error',
          kind: 'runtime',
          type: 'ValueError',
          message: '',
          traceback: '',
          line: 1,
          ...common,
        },
  }
}
