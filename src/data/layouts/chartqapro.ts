import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { bytesCell, imageCell } from './cells.js'
import { checkRow } from './check-row.js'
import type { Layout } from './layout.js'
import { plainColumns } from './plain-columns.js'
import { fillPrompt } from './prompt-template.js'

const texts = z.array(z.string()).min(1)

const row = z.object({
  Question: texts,
  Answer: texts,
  'Question Type': z.string(),
  image: z.union([bytesCell, imageCell]),
  Year: z.array(z.string().regex(/^(yes|no)$/i, 'expected YES or NO')),
  Paragraph: z.string().nullish(),
})

/**
 * ChartQAPro (ahmed-masry/ChartQAPro): questions about charts. A row may be a conversation: its last question is asked, and the turns before it are told
 * together with their reference answers.
 */
export const chartqapro: Layout = {
  schema: 'ChartQAPro',
  required: { parquet: Object.keys(row.shape), tsv: Object.keys(row.shape) },
  fields({ raw, settings: { prompt } }) {
    const checked = checkRow({ schema: row, raw })
    const {
      Question: questions,
      Answer: answers,
      'Question Type': category,
      Year: year,
      Paragraph: paragraph,
    } = checked
    if (questions.length !== answers.length) {
      throw new UsageError(
        `${raw.where}, column \`Answer\`: expected as many answers as questions (${questions.length}), got ${answers.length}`,
      )
    }
    const earlier = questions
      .slice(0, -1)
      .map((question, turn) => `Question: ${question}\nAnswer: ${answers[turn] ?? ''}`)
    return {
      id: String(raw.index),
      question: fillPrompt({
        prompt,
        category,
        values: {
          question: questions[questions.length - 1] ?? '',
          paragraph: paragraph ?? '',
          conversation: earlier.join('\n'),
        },
      }),
      answers: answers.slice(-1),
      images: [checked.image],
      applied: null,
      isCanonical: false,
      box: null,
      category,
      distinction: String(raw.index),
      metadata: {
        ...plainColumns({ row: raw.row, without: Object.keys(row.shape) }),
        answer: answers,
        question_type: category,
        year,
      },
    }
  },
}
