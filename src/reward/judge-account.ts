import { JudgeCapError, JudgeError, UsageError } from '../core/errors.js'
import type { JudgeAccount, JudgeTally } from '../core/judge.js'
import type { TokenUsage } from '../core/policy.js'

/** Money for a million tokens. */
export interface JudgePrice {
  /** Of the prompt. */
  input: number
  /** Of the completion, reasoning included. */
  output: number
  /** As it is printed, such as `USD`. */
  currency: string
}

export interface JudgeCaps {
  /** Most verdicts asked of the server. */
  maxCalls?: number
  /** In the currency of the price. Calls that run when it is reached are finished and counted. */
  maxCost?: number
}

/** The book a judge keeps. */
export interface OpenJudgeAccount extends JudgeAccount {
  /** Before a verdict is asked of the server. @throws JudgeCapError when that would be past a cap */
  addCall(): void
  addCached(): void
  /** What an answered request used. @throws JudgeError where cost is capped and the server does not tell */
  addTokens(usage: TokenUsage): void
}

const MILLION = 1e6

/**
 * Counts verdicts, tokens and cost, and refuses verdicts past a cap.
 * @throws UsageError for a cap on cost without a price
 */
export function createJudgeAccount({
  price = null,
  maxCalls = Infinity,
  maxCost = Infinity,
}: JudgeCaps & { price?: JudgePrice | null } = {}): OpenJudgeAccount {
  if (maxCost !== Infinity && price === null) {
    throw new UsageError(
      'A cap on the cost of the judge (judge.maxCost) needs its price: set judge.price.input and judge.price.output, per million tokens.',
    )
  }
  const tally: JudgeTally = { calls: 0, cached: 0, promptTokens: 0, completionTokens: 0 }

  const costOf: JudgeAccount['costOf'] = ({ promptTokens, completionTokens }) =>
    price === null
      ? null
      : {
          amount: (promptTokens * price.input + completionTokens * price.output) / MILLION,
          currency: price.currency,
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
    addCall() {
      if (tally.calls >= maxCalls) {
        throw new JudgeCapError(
          `The judge was asked ${tally.calls} times, as often as judge.maxCalls (--judge-max-calls) allows. Raise it to go on.`,
        )
      }
      const cost = costOf(tally)
      if (cost !== null && cost.amount >= maxCost) {
        throw new JudgeCapError(
          `The judge cost ${Number(cost.amount.toPrecision(4))} ${cost.currency}; judge.maxCost (--judge-max-cost) allows ${maxCost}. Raise it to go on.`,
        )
      }
      tally.calls += 1
    },
    addCached() {
      tally.cached += 1
    },
    addTokens({ promptTokens, completionTokens }) {
      tally.promptTokens += promptTokens
      tally.completionTokens += completionTokens
      if (maxCost !== Infinity && promptTokens + completionTokens === 0) {
        throw new JudgeError(
          "The judge's server does not tell how many tokens it used, so judge.maxCost cannot be kept. Cap the calls instead (judge.maxCalls), or use a server that reports `usage`.",
        )
      }
    },
  }
}
