import { ModelCapError, ModelError } from '../core/errors.js'
import {
  createUsageAccount,
  type OpenUsageAccount,
  type TokenPrice,
  type UsageCaps,
} from '../llm/usage-account.js'

/**
 * Counts turns asked of the policy's server, tokens and cost, and refuses turns past a cap.
 * @throws UsageError for a cap on cost without a price
 */
export function createPolicyAccount(terms: UsageCaps & { price?: TokenPrice | null } = {}): OpenUsageAccount {
  return createUsageAccount({
    ...terms,
    words: {
      role: 'policy',
      subject: 'The policy',
      capError: (message) => new ModelCapError(message),
      serverError: (message) => new ModelError(message),
    },
  })
}
