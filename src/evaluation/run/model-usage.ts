import type { Judge, JudgeTally } from '../../core/judge.js'
import type { Policy } from '../../core/policy.js'
import type { UsageTally } from '../../core/usage-account.js'

/** For what a model of a run is asked. */
export type Role = 'policy' | 'judge'

/** What a model was used for, as it is kept in timings.json and shown. */
export interface ModelUsage extends UsageTally {
  model: string
  /** Null where no price is known. */
  cost: { amount: number; currency: string } | null
  /** Time that finished samples waited for it, those side by side added up; absent where it is not known. */
  waitedMs?: number
}

/** What a judge was used for. */
export interface JudgeUsage extends ModelUsage {
  /** How its replies were read; null where it does not say. */
  reading: string | null
}

/** Null where there is no judge, or one that counts nothing. `tally`: else all that its account holds. */
export function judgeUsageOf({
  judge,
  tally = judge?.account?.tally,
  waitedMs,
}: {
  judge: Pick<Judge, 'model' | 'reading' | 'account'> | null
  tally?: JudgeTally | undefined
  waitedMs?: number
}): JudgeUsage | null {
  if (judge?.account === undefined || tally === undefined) return null
  return {
    model: judge.model,
    reading: judge.reading ?? null,
    ...tally,
    cost: judge.account.costOf(tally),
    ...(waitedMs !== undefined && { waitedMs }),
  }
}

/** Null where the policy counts nothing. */
export function policyUsageOf({
  policy: { model, account },
  waitedMs,
}: {
  policy: Pick<Policy, 'model' | 'account'>
  waitedMs: number
}): ModelUsage | null {
  if (account === undefined) return null
  return { model, ...account.tally, cost: account.costOf(account.tally), waitedMs }
}

/** One line for the terminal. */
export function describeJudgeUsage({ reading, ...usage }: JudgeUsage): string {
  const name = `Judge ${usage.model}${reading === null ? '' : ` (reading ${reading})`}`
  return describeUsage({ name, role: 'judge', usage })
}

/** One line for the terminal. */
export function describePolicyUsage(usage: ModelUsage): string {
  return describeUsage({ name: `Policy ${usage.model}`, role: 'policy', usage })
}

function describeUsage({ name, role, usage }: { name: string; role: Role; usage: ModelUsage }): string {
  const { calls, cached, promptTokens, completionTokens, cost, waitedMs } = usage
  const count = (value: number): string => value.toLocaleString('en-US')
  return [
    `${name}: ${count(calls)} ${calls === 1 ? 'call' : 'calls'}, ${count(cached)} from the cache`,
    `${count(promptTokens)} tokens in, ${count(completionTokens)} out`,
    cost === null ? `no price set (${role}.price, --prices)` : `${money(cost.amount)} ${cost.currency}`,
    ...(waitedMs === undefined ? [] : [`${count(Math.round(waitedMs / 1000))} s waited`]),
  ].join(' · ')
}

/** Two places, or as many as it takes to see anything of a small sum. */
function money(amount: number): string {
  return amount === 0 || amount >= 1 ? amount.toFixed(2) : amount.toPrecision(2)
}
