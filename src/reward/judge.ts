import { JudgeError, ModelError } from '../core/errors.js'
import type { Judge, JudgeAccount, JudgeRequest } from '../core/judge.js'
import { createCachedChat } from '../llm/cached-chat.js'
import type { ChatClient } from '../llm/chat-client.js'
import type { ChatRequest } from '../llm/chat-request.js'
import type { ReplyCache } from '../llm/reply-cache.js'
import { createJudgeAccount, type JudgeCaps, type JudgePrice } from './judge-account.js'
import { judgePrompt } from './judge-prompt.js'
import { judgeTaskType, readJudgeReply, type JudgeReading } from './judge-reading.js'

export interface ModelJudgeParameters extends JudgeCaps {
  /** A client of the judge's own server, with its own concurrency. */
  client: ChatClient
  /** Where replies are kept; null (default): every verdict is asked of the server. */
  cache?: ReplyCache | null
  /** `exact`: a 0 or 1 alone; `codevision`: as the released recipe reads it. */
  reading?: JudgeReading
  buildPrompt?: (request: Omit<JudgeRequest, 'signal'>) => string
  /** Null (default): cost is not told. */
  price?: JudgePrice | null
}

export interface ModelJudge extends Judge {
  readonly reading: JudgeReading
  readonly account: JudgeAccount
}

/** Room for a judge that thinks before it answers. */
const MAX_TOKENS = 2048

/** A question that no judge that is fit for its work gets wrong. */
const EASY = {
  question: 'Which number stands on the sign?',
  answers: ['42'],
  answer: '42',
  taskType: null,
}

/**
 * A judge that is a model behind an OpenAI-compatible server, asked greedily.
 * @throws UsageError for a cap on cost without a price
 */
export function createJudge({
  client,
  cache = null,
  reading = 'exact',
  buildPrompt = ({ taskType, ...request }) =>
    judgePrompt({ ...request, taskType: judgeTaskType(taskType ?? '') }),
  ...terms
}: ModelJudgeParameters): ModelJudge {
  const account = createJudgeAccount(terms)
  const chat = createCachedChat({ client, cache })
  const read = (text: string): boolean | null =>
    readJudgeReply({ response: reading === 'exact' ? withoutThinking(text) : text, reading })

  return {
    model: client.model,
    reading,
    account,
    async judge({ signal, ...request }) {
      const prompt = buildPrompt(request)
      const { reply, isCached } = await asJudge(
        chat.complete({
          ...requestOf(prompt),
          isUsable: ({ text }) => read(text) !== null,
          asking: account.call,
          signal,
        }),
      )
      if (isCached) account.addCached()
      else account.addTokens(reply.usage)
      // A server that repeats the key must not bring it into the run folder.
      return { correct: read(reply.text), prompt, response: client.scrub(reply.text) }
    },
    async check(signal) {
      const { text, usage } = await asJudge(client.check(signal, requestOf(buildPrompt(EASY))))
      account.addTokens(usage)
      if (read(text) === true) return
      throw new JudgeError(
        `The judge ${client.model} is not fit for its work: given the accepted answer "${EASY.answer}" itself, it should have replied 1, and replied ${JSON.stringify(client.scrub(text).slice(0, 200))}. Name another judge, or another reading (judge.reading, now ${reading}).`,
      )
    },
  }
}

function requestOf(prompt: string): ChatRequest {
  return {
    messages: [{ role: 'user', content: prompt }],
    sampling: { temperature: 0, maxTokens: MAX_TOKENS },
  }
}

/** Errors of the server as errors of the judge. */
async function asJudge<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (error) {
    if (!(error instanceof ModelError) || error instanceof JudgeError) throw error
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
