import { fakeImage } from '../../agent/testing/fake-image.js'
import { SandboxError } from '../../core/errors.js'
import type { ExecutionFailed } from '../../core/execution.js'
import type { SandboxImage } from '../../core/image.js'
import { textOf } from '../../core/message.js'
import type { Policy, PolicyReply, PolicyRequest } from '../../core/policy.js'
import type { Sandbox } from '../../core/sandbox.js'
import type { AgentSettings } from '../run/agent-settings.js'

/** Settings under which the fakes below work. */
export const AGENT: AgentSettings = {
  prompt: 'Answer.',
  tools: [{ name: 'code_image_tool', description: '', parameters: {} }],
  view: { minPixels: 1, maxPixels: 1000 },
  parsing: 'robust',
  feedback: 'standard',
  limits: { turns: 4 },
}

/** One turn of a policy: run code that succeeds, run code that fails, answer, or be cut off. */
export type Turn = 'ok' | 'fail' | 'lost' | { answer: string } | { cut: string } | Error

/** A policy that takes its turns from what it is asked: the same request gives the same reply, in whatever order samples run. */
export function fakePolicy({
  turnsFor,
  delayMs = 0,
}: {
  /** The turns for a question; `number` is the number in it. */
  turnsFor: (question: { number: number; request: PolicyRequest }) => readonly Turn[]
  delayMs?: number
}): Policy {
  return {
    name: 'fake',
    model: 'by-question',
    async next(request) {
      const question = request.messages.find(({ role }) => role === 'user')
      const number = Number(question && /\d+(?=\?)/.exec(textOf(question))?.[0])
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs * (1 + (number % 3))))
      request.signal.throwIfAborted()
      const turn = turnsFor({ number, request })[request.turn] ?? 'ok'
      if (turn instanceof Error) throw turn
      return replyOf(turn)
    },
  }
}

/** Right, wrong, unparsed, cut off, without end; with and without errors and recoveries: by the number in the question. */
export function variedTurns({ number }: { number: number }): readonly Turn[] {
  const scripts: readonly (readonly Turn[])[] = [
    ['ok', { answer: String(number) }],
    ['fail', 'ok', { answer: String(number) }],
    ['fail', { answer: 'something else' }],
    [{ answer: '' }],
    [],
    [{ cut: 'and so on' }],
    ['fail', 'ok', 'fail', { answer: '-1' }],
  ]
  return scripts[number % scripts.length] ?? []
}

/** What a policy says in a turn. */
export function replyOf(turn: Exclude<Turn, Error>): PolicyReply {
  const usage = { promptTokens: 100, completionTokens: 10 }
  if (typeof turn === 'string') {
    const call = JSON.stringify({
      name: 'code_image_tool',
      arguments: { code: turn, description: '', image_index: 0 },
    })
    return { text: `<tool_call>${call}</tool_call>`, toolCalls: [], finishReason: 'stop', usage }
  }
  return 'cut' in turn
    ? { text: turn.cut, toolCalls: [], finishReason: 'length', usage }
    : { text: `<answer>${turn.answer}</answer>`, toolCalls: [], finishReason: 'stop', usage }
}

/** A sandbox that reads the code as a word: `ok` makes an image, `fail` is the model's fault, `lost` the machine's. */
export function fakeSandbox(): Sandbox {
  return {
    profile: 'standard',
    versions: () =>
      Promise.resolve({
        python: '3.11',
        pillow: '1',
        numpy: '1',
        opencv: '1',
        runtime: 'none',
        profile: 'standard',
        containment: {},
      }),
    open: (sources) => {
      const images: SandboxImage[] = sources.map((source) => fakeImage({ width: 8 + source.length }))
      return Promise.resolve({
        images,
        add: (source) => Promise.resolve(images.push(fakeImage({ width: 8 + source.length })) - 1),
        execute: ({ code }) => {
          if (code === 'lost')
            return Promise.reject(new SandboxError('The host is gone.', { isRetryable: true }))
          const trace = { stdout: '', operations: [], durationMs: performance.now() }
          if (code !== 'ok') return Promise.resolve({ ...trace, ...FAILED })
          const image = fakeImage({ height: 6 + images.length })
          images.push(image)
          return Promise.resolve({
            ...trace,
            status: 'ok',
            image,
            unchanged: false,
            imageIndex: images.length - 1,
          })
        },
        view: (index) => {
          const image = images[index]
          return image ? Promise.resolve(image) : Promise.reject(new RangeError(`no image ${index}`))
        },
        close: () => Promise.resolve(),
      })
    },
    close: () => Promise.resolve(),
  }
}

const FAILED: Omit<ExecutionFailed, 'stdout' | 'operations' | 'durationMs'> = {
  status: 'error',
  kind: 'runtime',
  type: 'NameError',
  message: "name 'fail' is not defined",
  traceback: '',
  line: 1,
}
