import { z } from 'zod'
import { TRANSFORMS } from '../../core/transform.js'
import { imageCell, wholeCell } from '../layouts/cells.js'

/** A whole number; parquet readers give 64-bit columns as bigint. */
const whole = z.union([z.bigint(), z.number()]).transform(Number).pipe(z.number().int())

const text = z.string()

/** A text, or a number as its digits. JSON gives larger whole numbers as their nearest ones, so that they would be others without a word. */
const digits = z
  .union([
    text,
    z
      .number()
      .refine(
        (value) => !Number.isInteger(value) || Number.isSafeInteger(value),
        'expected a whole number below 2^53, or a text (in quotes), which keeps its digits',
      ),
  ])
  .transform(String)

/** Names in `transform`: what was applied, and `crop` where the evidence must be cropped. */
export const APPLIED = [...TRANSFORMS, 'crop'] as const

/** Left, top, right, bottom; an empty list says that there is none. Whether it encloses anything is not checked here (see `readBox`). */
const box = z
  .array(z.union([z.bigint(), z.number()]).transform(Number).pipe(z.number()))
  .refine(
    (numbers) => numbers.length === 0 || numbers.length === 4,
    'expected 4 numbers: left, top, right, bottom',
  )

/** What scorers and statistics need beside question and answers; written by `codevision data transform`. */
const scoring = {
  options: z.array(text).nullish(),
  category: text.nullish(),
  cluster: text.nullish(),
}

/** One row of MVToolBench, in parquet or as JSON; further columns are kept by the reader. */
export const mvtoolbenchRow = z.object({
  data_source: text.nullish(),
  prompt: z.array(z.object({ content: text, role: text })).min(1),
  images: z.array(imageCell).min(1),
  reward_model: z.object({ ground_truth: text, style: text.nullish() }),
  extra_info: z.object({
    answer: text.nullish(),
    answers_alt: z.array(text).nullish(),
    bbox: box.nullish(),
    /** As in `plainRow`. */
    bbox_input: box.nullish(),
    dataset_name: text.nullish(),
    image_id: text.nullish(),
    index: whole.nullish(),
    kind: text.nullish(),
    question: text.nullish(),
    split: text.nullish(),
    transform: z.array(z.enum(APPLIED)).nullish(),
  }),
  /** `metadata` is a JSON object as text. */
  task: z.object({ ...scoring, id: text, metadata: text.nullish() }).nullish(),
})

/** One row in plain columns, as people write JSON Lines by hand. */
export const plainRow = z.object({
  id: digits.nullish(),
  index: wholeCell.nullish(),
  question: text.min(1),
  answer: digits,
  answers_alt: z.array(text).nullish(),
  image: imageCell.optional(),
  images: z.array(imageCell).min(1).optional(),
  transform: z.union([z.enum(APPLIED).transform((name) => [name]), z.array(z.enum(APPLIED))]).nullish(),
  bbox: box.nullish(),
  /** Box after the transformation. A row that has it holds the canonical image: the transformation is still to be applied. */
  bbox_input: box.nullish(),
  ...scoring,
  /** Further columns whose names are taken; a row with them is one of a benchmark, and counts although another has the same content. */
  metadata: z.record(z.string(), z.unknown()).nullish(),
})

export type MvtoolbenchRow = z.output<typeof mvtoolbenchRow>
export type PlainRow = z.output<typeof plainRow>
