import { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import { FAMILIES } from '../mini-world/vocabulary.js'
import { BOARD_GRID, BOARD_SIDE } from './board-layout.js'

const count = z.number().int().positive()

/** The least and the most of something. */
function range(most: number): z.ZodType<[number, number]> {
  return z.tuple([count, count.max(most)]).refine(([from, to]) => from <= to, {
    error: 'expected the least number first',
  })
}

export const boardSchema = z.strictObject({
  seed: z.string().default('boards'),
  families: z
    .array(z.enum(FAMILIES))
    .min(1)
    .default([...FAMILIES]),
  transforms: z
    .array(z.enum(TRANSFORMS))
    .min(1)
    .default([...TRANSFORMS]),
  /** Least and most cards on a board of the family `find`; of `read`. */
  cards: range(8).default([4, 7]),
  largeCards: range(4).default([2, 4]),
  /** How far cards may stand from the upper left place of their cells, in pixels. */
  jitter: z.number().int().min(0).max(64).multipleOf(BOARD_GRID).default(BOARD_GRID),
  /** How far numbers may stand from the middle of their cards: a share of what the layout allows. */
  shift: z.number().min(0).max(1).default(1),
  /** Of a number. */
  digits: z.number().int().min(1).max(2).default(2),
  /** Side of the view that a model sees, in pixels. */
  view: z.number().int().min(64).max(BOARD_SIDE).default(128),
  /** Height of digits in pixels of the view. */
  findHeight: z.number().min(2).max(8).default(2.75),
  readHeight: z.number().min(8).max(32).default(22),
})

export type BoardOptions = z.input<typeof boardSchema>
export type BoardConfig = Readonly<z.output<typeof boardSchema>>

/** Check what boards are to be; what is left out has its default. @throws UsageError naming each option, what was expected and what came. */
export function parseBoardConfig(options: BoardOptions): BoardConfig {
  const result = boardSchema.safeParse(options, { reportInput: true })
  if (result.success) return result.data
  const where = (): string => 'boards'
  throw new UsageError(explainIssues({ error: result.error, schema: boardSchema, where }).join('\n'))
}
