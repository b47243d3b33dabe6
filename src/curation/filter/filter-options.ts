import { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { parseLimit, type RowRange } from '../../config/parse-limit.js'
import { UsageError } from '../../core/errors.js'
import { parsePassBounds, type PassBounds } from './pass-bounds.js'

/** What rows can be balanced by. */
export const BALANCE_BY = ['transform', 'category', 'source'] as const

export type BalanceBy = (typeof BALANCE_BY)[number]

/** `keep`: rows as they are; `balanced`: each untransformed row is given one, each equally often. */
export const TRANSFORM_MODES = ['keep', 'balanced'] as const

/** `declared`: what a row says of its tools stands, and size decides where it says nothing; `size`: size decides for every row with a box. */
export const CROP_RULES = ['declared', 'size'] as const

const positive = z.number().int().positive()

const schema = z
  .strictObject({
    keep: z.string().default('mixed'),
    'min-rollouts': positive.optional(),
    transform: z.enum(TRANSFORM_MODES).default('keep'),
    none: z.number().min(0).max(1).optional(),
    'crop-rule': z.enum(CROP_RULES).default('declared'),
    'crop-below': z.number().gt(0).max(1).default(1e-4),
    balance: z.array(z.enum(BALANCE_BY)).default([]),
    count: positive.optional(),
    limit: z.string().optional(),
    seed: z.number().int().default(0),
  })
  .refine(({ balance, count }) => balance.length === 0 || count !== undefined, {
    path: ['balance'],
    error: 'expected --count beside it: how many rows there are to be',
  })
  .refine(
    ({ none, transform, balance }) =>
      none === undefined || transform === 'balanced' || balance.includes('transform'),
    {
      path: ['none'],
      error: 'expected --transform balanced or --balance transform beside it: else nothing is shared out',
    },
  )

export type FilterInput = z.input<typeof schema>

/** Which rows are kept, and what is made known of them. */
export type FilterOptions = Readonly<Omit<z.output<typeof schema>, 'keep' | 'none' | 'limit'>> & {
  readonly keep: PassBounds
  /** Null: all rows. */
  readonly limit: RowRange | null
  /** Share of rows without a transformation, where transformations are shared out. */
  readonly none: number
}

/** As often as each of the five transformations. */
const NONE = 1 / 6

/**
 * Check the options of the difficulty filter; what is left out has its default.
 * @throws UsageError naming each option, what was expected and what came.
 */
export function parseFilterOptions(input: FilterInput): FilterOptions {
  const result = schema.safeParse(input, { reportInput: true })
  if (!result.success) {
    const where = (): string => 'command line'
    throw new UsageError(explainIssues({ error: result.error, schema, where }).join('\n'))
  }
  const { keep, none = NONE, balance, limit, ...rest } = result.data
  return {
    ...rest,
    none,
    balance: [...new Set(balance)],
    keep: parsePassBounds(keep),
    limit: limit === undefined ? null : parseLimit(limit),
  }
}
