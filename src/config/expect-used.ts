import type { z } from 'zod'
import type { BatchAggregation } from '../core/training-choices.js'

interface Choices {
  aggregation: BatchAggregation
  microBatch?: number | undefined
  width?: number | undefined
  oldLogprobs?: 'recomputed' | 'ledger'
  importanceCap?: number | undefined
}

/** For `superRefine`: refuses settings that do nothing beside what else is chosen: who says one expects something of it. */
export function expectUsed(
  { aggregation, microBatch, width, oldLogprobs, importanceCap }: Choices,
  context: z.RefinementCtx,
): void {
  const refuse = (key: keyof Choices, input: number | undefined, beside: string, goesWith: string): void => {
    if (input === undefined) return
    const message = `expected none beside ${beside}, where it does nothing; it goes with ${goesWith}`
    context.addIssue({ code: 'custom', path: [key], message, input })
  }
  const chosen = `\`aggregation: ${aggregation}\``
  if (aggregation !== 'micro-batch-token-mean')
    refuse('microBatch', microBatch, chosen, '`aggregation: micro-batch-token-mean`')
  if (aggregation !== 'seq-mean-token-sum-norm')
    refuse('width', width, chosen, '`aggregation: seq-mean-token-sum-norm`')
  // The ratio is then measured from the very numbers that the cap would weigh it by.
  if (oldLogprobs === 'ledger')
    refuse('importanceCap', importanceCap, '`oldLogprobs: ledger`', '`oldLogprobs: recomputed`')
}
