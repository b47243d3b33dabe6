import { performance } from 'node:perf_hooks'
import type { CodeCall } from '../core/code-call.js'
import { cutReply, replyLength } from '../core/cut-reply.js'
import type { Execution } from '../core/execution.js'
import { ModelError, SandboxError } from '../core/errors.js'
import type { Message } from '../core/message.js'
import type { Policy, PolicyReply, ToolDescription } from '../core/policy.js'
import type { Sandbox, SandboxSession } from '../core/sandbox.js'
import type { Task } from '../core/task.js'
import type { StopReason, Trajectory } from '../core/trajectory.js'
import { executionFeedback, problemFeedback, type FeedbackStyle } from './feedback.js'
import { createImageLedger, type ImageLedger } from './image-ledger.js'
import { openingMessages } from './opening-messages.js'
import { readTurn } from './read-turn.js'
import type { RolloutEvent } from './rollout-event.js'
import { createStopwatch, type Stopwatch } from './stopwatch.js'
import type { WaitingClock } from './waiting-clock.js'
import { toTrajectory, type RanCall } from './to-trajectory.js'
import type { Parsing, TurnReading } from './turn-reading.js'

export interface RolloutLimits {
  /** Assistant turns (paper: 12). */
  turns?: number
  /** Tokens that one turn may write; absent: the policy's own limit. */
  tokensPerTurn?: number
  /** Characters that one turn may write, calls included; a longer one is cut there and ends the rollout as truncated. */
  charactersPerTurn?: number
  /**
   * Tokens of the whole conversation, as the policy counts them; absent: no limit. No conversation grows beyond it where the policy knows how long a prompt is before it goes on from it (tfjs, torch). Where only
   * its server counts, a turn is given what the last one left, so that the first prompt, and what was told since, may go beyond.
   */
  totalTokens?: number
  /** Time of one call, in milliseconds; absent: the sandbox's own. */
  timeoutMs?: number
}

export interface RolloutRequest {
  task: Task
  policy: Policy
  sandbox: Sandbox
  /** System prompt; empty: no system message. */
  prompt: string
  /** The tools that are offered; none: the first turn is the answer, whatever it holds. */
  tools: readonly ToolDescription[]
  /** Bounds of width × height of what the model sees. */
  view: { minPixels: number; maxPixels: number }
  parsing?: Parsing
  feedback?: FeedbackStyle
  limits?: RolloutLimits
  epoch?: number
  signal?: AbortSignal
  /** Told what the rollout waits for, beside others. */
  clock?: WaitingClock
  onEvent?: (event: RolloutEvent) => void
}

export interface RolloutResult {
  trajectory: Trajectory
  /** PNG files of the trajectory's images and views, by SHA-256. */
  images: ReadonlyMap<string, () => Promise<Buffer>>
  /** In milliseconds. */
  timings: { totalMs: number; modelMs: number; sandboxMs: number }
}

/** Assistant turns where the limits do not say (paper, section 2). */
export const DEFAULT_TURNS = 12
/** Characters of a turn where the limits do not say: beyond what 16,384 tokens hold. */
export const DEFAULT_CHARACTERS = 100_000

/**
 * Let a policy look at a task's images by writing code until it answers or a limit is reached (paper, section 2). One call is run a turn;
 * a call asked for in the last turn is not run. The session is closed whatever happens.
 * @throws {SandboxError} {@link ModelError} for what the machine or the model's server did wrong, UsageError for images that cannot be
 *   decoded, AbortError when the signal fires. What the model did wrong is in the trajectory.
 */
export async function rollout(request: RolloutRequest): Promise<RolloutResult> {
  const signal = request.signal ?? new AbortController().signal
  signal.throwIfAborted()
  const started = performance.now()
  const sandboxTime = createStopwatch({ what: 'sandbox', clock: request.clock })
  const sources = await Promise.all(request.task.images.map((image) => image.read()))
  const session = await sandboxTime.measure(() => request.sandbox.open(sources, { signal }))
  const ledger = createImageLedger()
  try {
    const loop = await runTurns({ request, session, ledger, sandboxTime, signal })
    const { images, files } = await ledger.records()
    return {
      trajectory: toTrajectory({ ...loop, images }),
      images: files,
      timings: {
        totalMs: performance.now() - started,
        modelMs: loop.modelMs,
        sandboxMs: sandboxTime.elapsedMs(),
      },
    }
  } finally {
    await ledger.settle()
    await session.close()
  }
}

async function runTurns({
  request,
  session,
  ledger,
  sandboxTime,
  signal,
}: {
  request: RolloutRequest
  session: SandboxSession
  ledger: ImageLedger
  sandboxTime: Stopwatch
  signal: AbortSignal
}) {
  const { task, policy, prompt, tools, view, parsing = 'robust', feedback = 'standard' } = request
  const { limits = {}, epoch = 0, onEvent = () => undefined } = request
  const { turns: maxTurns = DEFAULT_TURNS, charactersPerTurn: maxCharacters = DEFAULT_CHARACTERS } = limits
  const toolNames = tools.map((tool) => tool.name)
  const modelTime = createStopwatch({ what: 'model', clock: request.clock })
  const calls: RanCall[] = []
  const usage = { promptTokens: 0, completionTokens: 0 }
  let malformedCalls = 0

  const show = async (index: number, call: number | null) => {
    const image = session.images[index]
    if (image === undefined) {
      throw new SandboxError(
        `The sandbox announced image ${index}, but its session holds ${session.images.length}.`,
      )
    }
    const seen = await sandboxTime.measure(() => session.view(index, { ...view, signal }))
    return ledger.add(image, seen, call)
  }
  const shown = []
  for (const [index, { isAnimated }] of session.images.entries()) {
    if (isAnimated === true) onEvent({ type: 'animated-image', index })
    shown.push(await show(index, null))
  }
  const messages: Message[] = openingMessages({
    prompt,
    question: task.question,
    images: shown,
    sizes: session.images,
    tools: tools.length > 0 ? 'offered' : 'none',
    feedback,
  })
  const finish = (stop: StopReason, turns: number) => {
    onEvent({ type: 'stopped', stop, turns })
    return { stop, turns, messages, calls, malformedCalls, usage, modelMs: modelTime.elapsedMs() }
  }

  let conversationTokens = 0
  for (let turn = 0; ; turn++) {
    signal.throwIfAborted()
    onEvent({ type: 'turn-started', turn })
    const maxTokens = turnTokens({ limits, conversationTokens })
    const given = await modelTime
      .measure(() =>
        policy.next({
          // A copy: the conversation goes on while the policy may still hold what it was given.
          messages: [...messages],
          tools,
          sample: { key: task.key, epoch },
          turn,
          ...(maxTokens !== undefined && { maxTokens }),
          ...(limits.totalTokens !== undefined && { maxTotalTokens: limits.totalTokens }),
          maxCharacters,
          signal,
        }),
      )
      .catch((cause: unknown) => {
        // Long conversations are the model's doing: left out of the rates, they would flatter it. A question that does not fit is the set-up's.
        if (turn > 0 && cause instanceof ModelError && cause.isContextFull) return null
        throw cause
      })
    if (given === null) return finish('token-limit', turn)
    // Not every policy knows the limit.
    const reply = cutReply({ reply: given, maxCharacters })
    usage.promptTokens += reply.usage.promptTokens
    usage.completionTokens += reply.usage.completionTokens
    conversationTokens = reply.usage.promptTokens + reply.usage.completionTokens
    messages.push(assistantMessage(reply))
    onEvent({ type: 'text', turn, text: reply.text, calls: reply.toolCalls.length })

    if (reply.finishReason === 'length') {
      const isLong = reply !== given || replyLength(reply) >= maxCharacters
      return finish(isLong ? 'truncated' : stopOfCut({ limits, maxTokens, reply }), turn + 1)
    }
    const reading = readTurn({ reply, parsing, toolNames })
    malformedCalls += reading.malformed
    if (reading.type === 'answer') return finish('answer', turn + 1)
    if (turn + 1 >= maxTurns) return finish('turn-limit', turn + 1)
    if (conversationTokens >= (limits.totalTokens ?? Infinity)) return finish('token-limit', turn + 1)

    if (reading.type === 'problem') {
      const message = problemFeedback({ problem: reading.problem, style: feedback })
      onEvent({ type: 'malformed-call', turn, message })
      messages.push(toolMessage({ reading, content: [{ type: 'text', text: message }] }))
      continue
    }
    const { call, note } = reading
    onEvent({ type: 'call', turn, call, note })
    const execution = await sandboxTime.measure(() => execute({ session, call, limits, signal }))
    onEvent({ type: 'execution', turn, execution })
    calls.push({ turn, call, execution })
    const told = executionFeedback({ call, execution, note, style: feedback })
    const index = execution.status === 'ok' ? execution.imageIndex : null
    const result = index === null ? null : await show(index, calls.length - 1)
    // What does not fit is not told: the rollout ends with the call, and no conversation grows beyond its limit by an image.
    const coming = result === null ? 0 : (policy.visualTokens?.(result) ?? 0)
    if (coming > 0 && conversationTokens + coming >= (limits.totalTokens ?? Infinity))
      return finish('token-limit', turn + 1)
    const content: Message['content'] = [{ type: 'text', text: told }]
    if (index !== null && result !== null) content.unshift({ type: 'image', index, image: result })
    messages.push(toolMessage({ reading, content }))
  }
}

function execute({
  session,
  call,
  limits,
  signal,
}: {
  session: SandboxSession
  call: CodeCall
  limits: RolloutLimits
  signal: AbortSignal
}): Promise<Execution> {
  return session.execute(call, {
    ...(limits.timeoutMs !== undefined && { timeoutMs: limits.timeoutMs }),
    signal,
  })
}

/** How many tokens the next turn may write, as far as the last one tells: who knows the prompt leaves room for it too. */
function turnTokens({
  limits: { tokensPerTurn, totalTokens },
  conversationTokens,
}: {
  limits: RolloutLimits
  conversationTokens: number
}): number | undefined {
  const left = (totalTokens ?? Infinity) - conversationTokens
  return left < (tokensPerTurn ?? Infinity) ? left : tokensPerTurn
}

/** Which limit a turn reached whose text was cut for its tokens: its own, or that of the conversation. */
function stopOfCut({
  limits: { tokensPerTurn = Infinity, totalTokens = Infinity },
  maxTokens = Infinity,
  reply: {
    usage: { promptTokens, completionTokens },
  },
}: {
  limits: RolloutLimits
  /** What the turn was allowed. */
  maxTokens?: number | undefined
  reply: PolicyReply
}): StopReason {
  if (completionTokens >= tokensPerTurn) return 'truncated'
  const isFull = promptTokens + completionTokens >= totalTokens || completionTokens >= maxTokens
  return isFull ? 'token-limit' : 'truncated'
}

function assistantMessage({ text, toolCalls }: PolicyReply): Message {
  return {
    role: 'assistant',
    content: [{ type: 'text', text }],
    ...(toolCalls.length > 0 && { toolCalls }),
  }
}

/** The answer to a call; it names the call if that came natively. */
function toolMessage({
  reading: { toolCallId },
  content,
}: {
  reading: Exclude<TurnReading, { type: 'answer' }>
  content: Message['content']
}): Message {
  return { role: 'tool', content, ...(toolCallId !== null && { toolCallId }) }
}
