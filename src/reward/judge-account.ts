import { JudgeCapError, JudgeError } from '../core/errors.js'
import {
  createUsageAccount,
  type OpenUsageAccount,
  type TokenPrice,
  type UsageCaps,
} from '../llm/usage-account.js'

export type JudgePrice = TokenPrice
/** A call is a verdict asked of the server. */
export type JudgeCaps = UsageCaps

/**
 * Counts verdicts, tokens and cost, and refuses verdicts past a cap.
 * @throws UsageError for a cap on cost without a price
 */
export function createJudgeAccount(terms: JudgeCaps & { price?: JudgePrice | null } = {}): OpenUsageAccount {
  return createUsageAccount({
    ...terms,
    words: {
      role: 'judge',
      subject: 'The judge',
      capError: (message) => new JudgeCapError(message),
      serverError: (message) => new JudgeError(message),
    },
  })
}
