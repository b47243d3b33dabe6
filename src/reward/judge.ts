import { JudgeError, ModelError } from '../core/errors.js'
import type { Judge, JudgeRequest } from '../core/judge.js'
import type { ChatClient, ChatTotals } from '../llm/chat-client.js'
import { judgePrompt } from './judge-prompt.js'
import { judgeTaskType, readJudgeReply, type JudgeReading } from './judge-reading.js'

export interface ModelJudgeParameters {
  /** A client of the judge's own server, with its own concurrency. */
  client: ChatClient
  /** `exact`: a 0 or 1 alone; `codevision`: as the released recipe reads it. */
  reading?: JudgeReading
  buildPrompt?: (request: Omit<JudgeRequest, 'signal'>) => string
  /** Most calls of this judge's life; past it every request is a JudgeError, so that a run stops cleanly. */
  maxCalls?: number
}

export interface ModelJudge extends Judge {
  readonly totals: Readonly<ChatTotals>
}

/** Room for a judge that thinks before it answers. */
const MAX_TOKENS = 2048

/** A judge that is a model behind an OpenAI-compatible server, asked greedily. */
export function createJudge({
  client,
  reading = 'exact',
  buildPrompt = ({ taskType, ...request }) =>
    judgePrompt({ ...request, taskType: judgeTaskType(taskType ?? '') }),
  maxCalls = Infinity,
}: ModelJudgeParameters): ModelJudge {
  let asked = 0
  return {
    model: client.model,
    totals: client.totals,
    async judge({ signal, ...request }) {
      if (asked >= maxCalls) {
        throw new JudgeError(
          `The judge was asked ${asked} times, as often as judge.maxCalls allows. Raise it and resume the run.`,
        )
      }
      asked += 1
      const prompt = buildPrompt(request)
      const { text } = await asJudge(
        client.complete({
          messages: [{ role: 'user', content: prompt }],
          sampling: { temperature: 0, maxTokens: MAX_TOKENS },
          signal,
        }),
      )
      const response = reading === 'exact' ? withoutThinking(text) : text
      return { correct: readJudgeReply({ response, reading }), prompt, response: text }
    },
    check: (signal) => asJudge(client.check(signal)),
  }
}

/** Errors of the server as errors of the judge. */
async function asJudge<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof ModelError)) throw error
    const { isRetryable, status, retryAfterSeconds, attempts } = error
    throw new JudgeError(`The judge failed. ${error.message}`, {
      cause: error,
      isRetryable,
      status,
      retryAfterSeconds,
      attempts,
    })
  }
}

/** A server without a reasoning parser leaves the judge's thoughts before its verdict. */
function withoutThinking(text: string): string {
  const end = text.lastIndexOf('</think>')
  return end === -1 ? text : text.slice(end + '</think>'.length)
}
