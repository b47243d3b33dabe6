import { UsageError, type ModelError } from '../core/errors.js'
import type { TokenUsage } from '../core/policy.js'
import type { UsageAccount, UsageTally } from '../core/usage-account.js'
import { unlessAborted } from '../core/unless-aborted.js'
import { abortErrorOf } from './abort-error.js'

/** Money for a million tokens. */
export interface TokenPrice {
  /** Of the prompt. */
  input: number
  /** Of the completion, reasoning included. */
  output: number
  /** As it is printed, such as `USD`. */
  currency: string
}

/** What a run may use; what runs when one is reached is finished and counted. */
export interface UsageCaps {
  /** Most replies of the server. */
  maxCalls?: number
  /** Most tokens, those of prompts and completions together. */
  maxTokens?: number
  /** In the currency of the price. */
  maxCost?: number
}

/** The book that is kept while a model is asked. */
export interface OpenUsageAccount extends UsageAccount {
  /**
   * Ask the server and count the call once it is answered: one that fails costs nothing of a cap. Where calls under way may use up what is left, it waits for them.
   * @throws the account's cap error, before anything is sent, where a cap is reached; AbortError when the signal is aborted while it waits; what `send` throws
   */
  call<Reply>(send: () => Promise<Reply>, signal?: AbortSignal): Promise<Reply>
  addCached(): void
  /** What an answered request used. @throws the account's own error where a cap needs it and the server does not tell */
  addTokens(usage: TokenUsage): void
}

/** Who is counted, in the words of errors. */
export interface AccountWords {
  /** Such as `judge`: the section of the configuration and the beginning of the options. */
  role: 'policy' | 'judge'
  /** As a sentence begins with it, such as `The judge`. */
  subject: string
  capError: (message: string) => ModelError
  serverError: (message: string) => ModelError
}

const MILLION = 1e6

/**
 * Counts calls, tokens and cost, and refuses calls past a cap.
 * @throws UsageError for a cap on cost without a price
 */
export function createUsageAccount({
  price = null,
  maxCalls = Infinity,
  maxTokens = Infinity,
  maxCost = Infinity,
  words: { role, subject, capError, serverError },
}: UsageCaps & { price?: TokenPrice | null; words: AccountWords }): OpenUsageAccount {
  const whose = subject.toLowerCase()
  if (maxCost !== Infinity && price === null) {
    throw new UsageError(
      `A cap on the cost of ${whose} (${role}.maxCost) needs its price: set ${role}.price.input and ${role}.price.output, per million tokens.`,
    )
  }
  /** Calls under way, each settled when it is answered or has failed. */
  const underWay = new Set<Promise<void>>()
  const tally: UsageTally = { calls: 0, cached: 0, promptTokens: 0, completionTokens: 0 }

  const costOf: UsageAccount['costOf'] = ({ promptTokens, completionTokens }) =>
    price === null
      ? null
      : {
          amount: (promptTokens * price.input + completionTokens * price.output) / MILLION,
          currency: price.currency,
        }

  /** What stands in the way of one more call; null: nothing. */
  const reached = (): string | null => {
    const tokens = tally.promptTokens + tally.completionTokens
    const cost = costOf(tally)
    if (tally.calls >= maxCalls)
      return `${subject} was asked ${tally.calls} times, as often as ${role}.maxCalls (--${role}-max-calls) allows.`
    if (tokens >= maxTokens)
      return `${subject} used ${tokens} tokens; ${role}.maxTokens (--${role}-max-tokens) allows ${maxTokens}.`
    if (cost !== null && cost.amount >= maxCost)
      return `${subject} cost ${Number(cost.amount.toPrecision(4))} ${cost.currency}; ${role}.maxCost (--${role}-max-cost) allows ${maxCost}.`
    return null
  }

  return {
    tally,
    costOf,
    carry({ calls, cached, promptTokens, completionTokens }) {
      tally.calls += calls
      tally.cached += cached
      tally.promptTokens += promptTokens
      tally.completionTokens += completionTokens
    },
    async call(send, signal) {
      for (;;) {
        const cap = reached()
        if (cap !== null) throw capError(`${cap} Raise it to go on.`)
        if (tally.calls + underWay.size < maxCalls) break
        await unlessAborted(Promise.race(underWay), signal, abortErrorOf)
      }
      let settle = (): void => undefined
      const settled = new Promise<void>((resolve) => (settle = resolve))
      underWay.add(settled)
      try {
        const reply = await send()
        tally.calls += 1
        return reply
      } finally {
        underWay.delete(settled)
        settle()
      }
    },
    addCached() {
      tally.cached += 1
    },
    addTokens({ promptTokens, completionTokens }) {
      tally.promptTokens += promptTokens
      tally.completionTokens += completionTokens
      if (promptTokens + completionTokens > 0) return
      const capped = maxCost !== Infinity ? 'maxCost' : maxTokens !== Infinity ? 'maxTokens' : null
      if (capped === null) return
      throw serverError(
        `${subject}'s server does not tell how many tokens it used, so ${role}.${capped} cannot be kept. Cap the calls instead (${role}.maxCalls), or use a server that reports \`usage\`.`,
      )
    },
  }
}

/** The part of one shard: together, all shards of a run stay within its caps without knowing of each other. */
export function capsOfShard({
  caps: { maxCalls, maxTokens, maxCost },
  shard,
}: {
  caps: LooseCaps
  shard: { index: number; count: number } | null
}): UsageCaps {
  if (shard === null) return defined({ maxCalls, maxTokens, maxCost })
  const { index, count } = shard
  const whole = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : Math.floor(value / count) + (index <= value % count ? 1 : 0)
  return defined({
    maxCalls: whole(maxCalls),
    maxTokens: whole(maxTokens),
    maxCost: maxCost === undefined ? undefined : maxCost / count,
  })
}

type LooseCaps = { [Name in keyof UsageCaps]: UsageCaps[Name] | undefined }

function defined(caps: LooseCaps): UsageCaps {
  return Object.fromEntries(Object.entries(caps).filter(([, value]) => value !== undefined))
}
