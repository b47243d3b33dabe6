import { z } from 'zod'
import type { Judge, JudgeTally } from '../core/judge.js'
import type { Run } from '../store/run.js'

const FILE = 'judge-usage.jsonl'

const count = z.number().nonnegative()
const lineSchema = z.object({ calls: count, cached: count, promptTokens: count, completionTokens: count })

/** Keeps what the judge was used for in the run folder, so that a run that is killed and resumed still knows it. */
export interface JudgeLedger {
  /** Write down what was used since the last time. */
  record(): Promise<void>
}

/** Tell the judge what earlier sessions of the run used, and keep the book from there on. A judge without an account: nothing is done. */
export async function openJudgeLedger({
  run,
  judge,
}: {
  run: Run
  judge: Judge | null
}): Promise<JudgeLedger> {
  const account = judge?.account
  if (account === undefined) return { record: () => Promise.resolve() }
  // What was used before, such as for the check before the start, belongs to this session.
  const own = { ...account.tally }
  for (const line of await run.readLines(FILE)) {
    const { data } = lineSchema.safeParse(line)
    if (data !== undefined) account.carry(data)
  }
  let written = usedSince({ now: account.tally, before: own })
  return {
    async record() {
      const now = { ...account.tally }
      const used = usedSince({ now, before: written })
      if (Object.values(used).every((value) => value === 0)) return
      // Taken down at once: samples end side by side, and none may write what another one writes.
      written = now
      await run.appendLine(FILE, used)
    },
  }
}

/** What was used between two looks at the same account. */
export function usedSince({ now, before }: { now: JudgeTally; before: JudgeTally }): JudgeTally {
  return {
    calls: now.calls - before.calls,
    cached: now.cached - before.cached,
    promptTokens: now.promptTokens - before.promptTokens,
    completionTokens: now.completionTokens - before.completionTokens,
  }
}
