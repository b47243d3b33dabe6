import { z } from 'zod'

/** Money for a million tokens of the prompt and of the completion. */
export const priceSchema = z.strictObject({
  input: z.number().min(0),
  output: z.number().min(0),
  /** As it is printed. */
  currency: z.string().min(1).default('USD'),
})

export type Price = z.output<typeof priceSchema>

/** What a model of a run may cost. */
export const usageTerms = {
  /** Else as the file of `prices` says. */
  price: priceSchema.optional(),
  /** Caps of a run, its resumed sessions included, of all shards together: it stops cleanly when one is reached. */
  maxCalls: z.number().int().positive().optional(),
  maxTokens: z.number().int().positive().optional(),
  /** In the price's currency. */
  maxCost: z.number().positive().optional(),
}

/** For `superRefine`: a cap on cost needs a price. */
export function requirePrice(role: 'policy' | 'judge') {
  return (
    { maxCost, price }: { maxCost?: number | undefined; price?: unknown },
    context: z.core.$RefinementCtx,
  ): void => {
    if (maxCost === undefined || price !== undefined) return
    const message = `expected \`${role}.price\` (input and output, per million tokens) beside it`
    context.addIssue({ code: 'custom', path: ['maxCost'], message, input: maxCost })
  }
}
