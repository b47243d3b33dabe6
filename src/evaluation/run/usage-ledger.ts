import { z } from 'zod'
import type { UsageAccount, UsageTally } from '../../core/usage-account.js'
import type { Run } from '../../store/run.js'
import type { Role } from './model-usage.js'

/** Of a run folder: what each model was used for, session by session. */
export const USAGE_FILES: Readonly<Record<Role, string>> = {
  policy: 'policy-usage.jsonl',
  judge: 'judge-usage.jsonl',
}

const count = z.number().nonnegative()
const lineSchema = z.object({ calls: count, cached: count, promptTokens: count, completionTokens: count })

/** Keeps what models were used for in the run folder, so that a run that is killed and resumed still knows it. */
export interface UsageLedger {
  /** Write down what was used since the last time. */
  record(): Promise<void>
}

/**
 * Tell each account what earlier sessions of the run used, and keep its book from there on. What has no account (a model that counts
 * nothing, or none) has no book.
 */
export async function openUsageLedger({
  run,
  accounts,
}: {
  run: Run
  accounts: Readonly<Record<Role, UsageAccount | undefined>>
}): Promise<UsageLedger> {
  const books = await Promise.all(
    (['policy', 'judge'] as const).map((role) =>
      openBook({ run, account: accounts[role], file: USAGE_FILES[role] }),
    ),
  )
  return {
    async record() {
      for (const book of books) await book.record()
    },
  }
}

async function openBook({
  run,
  account,
  file,
}: {
  run: Run
  account: UsageAccount | undefined
  file: string
}): Promise<UsageLedger> {
  if (account === undefined) return { record: () => Promise.resolve() }
  // What was used before, such as for the check before the start, belongs to this session.
  const own = { ...account.tally }
  for (const line of await run.readLines(file)) {
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
      await run.appendLine(file, used)
    },
  }
}

/** What was used between two looks at the same account. */
export function usedSince({ now, before }: { now: UsageTally; before: UsageTally }): UsageTally {
  return {
    calls: now.calls - before.calls,
    cached: now.cached - before.cached,
    promptTokens: now.promptTokens - before.promptTokens,
    completionTokens: now.completionTokens - before.completionTokens,
  }
}
