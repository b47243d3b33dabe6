import { setImmediate as nextTurnOfTheLoop } from 'node:timers/promises'
import { lowerMemory, TFJS_MEMORY, type MemorySettings } from '../../config/memory-settings.js'
import { ModelError } from '../../core/errors.js'
import { DecoderMemoryError } from '../../models/decode/decoder-memory.js'
import { findDecoder } from '../../models/decode/find-decoder.js'
import { chooseToken, type ChosenToken } from '../../models/generate/choose-token.js'
import type { Generation, GenerationRequest } from '../../models/generate/generate.js'
import { isSameBeginning, type Beginning } from '../../models/generate/is-same-beginning.js'
import { nextScores } from '../../models/generate/next-scores.js'
import type { VisionLanguageModel } from '../../models/open-model.js'
import { createWeightsGate, type WeightsGate } from './weights-gate.js'

export interface GenerationJob extends GenerationRequest {
  readonly signal: AbortSignal
  /** Told of each token; true: this is enough, the turn ends with `length`. */
  readonly isEnough?: (token: ChosenToken) => boolean
  /** Whether what was computed of it was computed with weights that are others now; absent: never. */
  readonly isStale?: () => boolean
  /** Make the conversation one that is to be computed anew. */
  readonly renew?: () => Promise<void>
}

/** Lets conversations be continued together; each joins and leaves between two tokens. */
export interface BatchScheduler {
  /** @throws the reason of its signal between two tokens, ModelError when the scheduler is closed or the scores are not finite; whatever the engine throws. After any of them the conversation must not be used. */
  run(job: GenerationJob): Promise<Generation>
  /** Largest number of conversations that one step continued so far. */
  readonly widest: number
  close(): void
}

interface OpenJob {
  readonly job: GenerationJob
  readonly tokens: ChosenToken[]
  settle(end: Generation): void
  fail(error: unknown): void
}

/** New tokens that one step computes at most, beside those of its first conversation: a step holds up the event loop while it lasts. */
const STEP_TOKENS = 1024

export function createBatchScheduler({
  model,
  places,
  room,
  gate = createWeightsGate(),
  memory = TFJS_MEMORY,
}: {
  model: Pick<VisionLanguageModel, 'config' | 'weights'>
  /** Conversations that are continued together; others wait for a place. */
  places: number
  /** What their keys and values may hold together when each has written all it may; one conversation is continued in any case. */
  room: { bytes: number; perToken: number }
  /** Each step holds the weights alone. */
  gate?: WeightsGate
  /** Else as an evaluation calls them. */
  memory?: MemorySettings
}): BatchScheduler {
  const barred = new Set([model.config.tokens.imagePad])
  let open: OpenJob[] = []
  let isWorking = false
  let isClosed = false
  let widest = 0

  const leave = (gone: OpenJob): void => {
    open = open.filter((one) => one !== gone)
  }

  async function step(): Promise<void> {
    for (const { job, fail } of open) if (job.signal.aborted) fail(job.signal.reason)
    for (const { job, fail } of open) if (job.isStale?.() === true) await job.renew?.().catch(fail)
    const together = fitting({
      jobs: admitted({ jobs: open, places, room }),
      sharesBeginnings: findDecoder(model) !== null,
    })
    if (together.length === 0) return
    widest = Math.max(widest, together.length)
    let scores: Float32Array[]
    try {
      scores = await nextScores({ model, conversations: together.map(({ job }) => job.conversation) })
    } catch (error) {
      for (const { fail } of together) fail(told({ error, conversations: together.length, memory }))
      return
    }
    for (const [row, one] of together.entries()) {
      try {
        continueJob({ one, logits: scores[row] ?? new Float32Array() })
      } catch (error) {
        one.fail(error)
      }
    }
  }

  function continueJob({
    one: { job, tokens, settle },
    logits,
  }: {
    one: OpenJob
    logits: Float32Array
  }): void {
    const { conversation, sampling, random, maxTokens, stopIds, isEnough = () => false } = job
    const chosen = chooseToken({ logits, sampling, random, barred })
    tokens.push(chosen)
    conversation.add({ ids: [chosen.id] })
    if (stopIds.has(chosen.id)) settle({ tokens, finish: 'stop' })
    else if (isEnough(chosen) || tokens.length >= maxTokens) settle({ tokens, finish: 'length' })
  }

  async function work(): Promise<void> {
    if (isWorking) return
    isWorking = true
    try {
      // Requests of one moment begin together.
      for (await nextTurnOfTheLoop(); open.length > 0; await nextTurnOfTheLoop()) await gate.alone(step)
    } catch (error) {
      // Nobody waits for the work itself, only for the jobs.
      for (const { fail } of open) fail(error)
    } finally {
      isWorking = false
    }
  }

  return {
    get widest() {
      return widest
    },
    run: (job) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          reject(new ModelError('The policy is closed: nothing is generated any more.'))
          return
        }
        const one: OpenJob = {
          job,
          tokens: [],
          settle(end) {
            leave(one)
            resolve(end)
          },
          fail(error) {
            leave(one)
            reject(error as Error)
          },
        }
        open.push(one)
        void work()
      }),
    close() {
      isClosed = true
      for (const { fail } of open) fail(new ModelError('The policy was closed while it generated.'))
    },
  }
}

/** The first jobs for which there is room: one that was let in stays in, since those before it only leave. */
function admitted({
  jobs,
  places,
  room: { bytes, perToken },
}: {
  jobs: readonly OpenJob[]
  places: number
  room: { bytes: number; perToken: number }
}): OpenJob[] {
  let reserved = 0
  const end = jobs.findIndex(({ job, tokens }, at) => {
    // Without what it has written already, which is among what it may: the same number at every step.
    const most = job.conversation.ids.length - tokens.length + job.maxTokens
    reserved += most * perToken
    return at >= places || (at > 0 && reserved > bytes)
  })
  return end < 0 ? [...jobs] : jobs.slice(0, end)
}

/** What WebAssembly breaks off is the machine's doing, mostly its memory; anything else is a defect and stays what it is. */
function told({
  error,
  conversations,
  memory,
}: {
  error: unknown
  conversations: number
  memory: MemorySettings
}): unknown {
  if (error instanceof DecoderMemoryError)
    return new ModelError(`${error.message} ${lowerMemory(memory)}.`, { cause: error })
  if (!(error instanceof WebAssembly.RuntimeError)) return error
  return new ModelError(
    `The engine broke off while it continued ${conversations} conversations, most likely for want of memory: ${error.message}. ${lowerMemory(memory)}.`,
    { cause: error },
  )
}

/** As many, from the first on, as one step computes; those that only go on by a token are always among them. */
function fitting({
  jobs,
  sharesBeginnings,
}: {
  jobs: readonly OpenJob[]
  /** What begins as one before it does is not computed again. */
  sharesBeginnings: boolean
}): OpenJob[] {
  let tokens = 0
  const begun: Beginning[] = []
  return jobs.filter(({ job: { conversation } }) => {
    const { waiting, pending } = conversation
    const isFirst = tokens === 0
    if (pending > 1 && begun.some((other) => isSameBeginning(other, waiting))) return true
    if (!isFirst && pending > 1 && tokens + pending > STEP_TOKENS) return false
    tokens += pending
    if (sharesBeginnings && waiting.past === 0) begun.push(waiting)
    return true
  })
}
