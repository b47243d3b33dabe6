import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { base64Cell, decodeBase64, wholeCell } from './cells.js'
import { checkRow } from './check-row.js'
import { letterAt, optionLines } from './choices.js'
import type { Layout } from './layout.js'
import { plainColumns } from './plain-columns.js'
import { fillPrompt } from './prompt-template.js'

const option = z.union([z.string(), z.number(), z.bigint()]).transform(String).nullish()

const row = z.object({
  index: wholeCell,
  question: z.string().min(1),
  answer: z.string().regex(/^\s*[A-D]\s*$/, 'expected a letter from A to D'),
  category: z.string(),
  A: option,
  B: option,
  C: option,
  D: option,
  cycle_category: z.union([z.string(), z.number(), z.bigint()]).transform(String),
  image: base64Cell,
})

/**
 * HR-Bench (DreamMr/HR-Bench): every question four times, its options rotated, in 4K and in 8K. They stay as published, since the rotations are what takes
 * the place of the right option out of the score; `cluster` is the question.
 */
export const hrbench: Layout = {
  schema: 'HR-Bench',
  required: { parquet: Object.keys(row.shape), tsv: Object.keys(row.shape) },
  fields({ raw, settings: { prompt } }) {
    const checked = checkRow({ schema: row, raw })
    const { index, question, answer, category, cycle_category, image } = checked
    const given = [checked.A, checked.B, checked.C, checked.D].map((text) => text ?? '')
    const options = given.slice(0, given.findLastIndex((text) => text !== '') + 1)
    const letter = answer.trim()
    const right = options.findIndex((_, place) => letterAt(place) === letter)
    if (right === -1) {
      throw new UsageError(
        `${raw.where}, column \`answer\`: expected the letter of one of ${options.length} options, got ${JSON.stringify(answer)}`,
      )
    }
    return {
      id: String(index),
      question: fillPrompt({ prompt, category, values: { question, options: optionLines(options) } }),
      answers: [letter],
      images: [decodeBase64({ cell: image, where: raw.where })],
      applied: null,
      isCanonical: false,
      box: null,
      options,
      category,
      variantsOf: [question, ...[...options].sort()],
      distinction: String(index),
      metadata: {
        ...plainColumns({ row: raw.row, without: Object.keys(row.shape) }),
        cycle_category,
      },
    }
  },
}
