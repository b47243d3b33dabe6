import type { Judge, JudgeTally } from '../core/judge.js'

/** What a judge was used for, as it is kept in timings.json and shown. */
export interface JudgeUsage extends JudgeTally {
  model: string
  /** How its replies were read; null where it does not say. */
  reading: string | null
  /** Null where no price is known. */
  cost: { amount: number; currency: string } | null
}

/** Null where there is no judge, or one that counts nothing. `tally`: else all that its account holds. */
export function judgeUsageOf({
  judge,
  tally = judge?.account?.tally,
}: {
  judge: Judge | null
  tally?: JudgeTally | undefined
}): JudgeUsage | null {
  if (judge?.account === undefined || tally === undefined) return null
  return {
    model: judge.model,
    reading: judge.reading ?? null,
    ...tally,
    cost: judge.account.costOf(tally),
  }
}

/** One line for the terminal. */
export function describeJudgeUsage({
  model,
  reading,
  calls,
  cached,
  promptTokens,
  completionTokens,
  cost,
}: JudgeUsage): string {
  const count = (value: number): string => value.toLocaleString('en-US')
  return [
    `Judge ${model}${reading === null ? '' : ` (reading ${reading})`}: ${count(calls)} ${calls === 1 ? 'call' : 'calls'}, ${count(cached)} from the cache`,
    `${count(promptTokens)} tokens in, ${count(completionTokens)} out`,
    cost === null ? 'no price set (judge.price)' : `${money(cost.amount)} ${cost.currency}`,
  ].join(' · ')
}

/** Two places, or as many as it takes to see anything of a small sum. */
function money(amount: number): string {
  return amount === 0 || amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2)
}
