import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { imageCell } from './cells.js'
import { checkRow } from './check-row.js'
import { optionLines, shuffleChoices } from './choices.js'
import type { Layout } from './layout.js'
import { plainColumns } from './plain-columns.js'
import { fillPrompt } from './prompt-template.js'

const row = z.object({
  image: imageCell,
  text: z.string().min(1),
  category: z.string(),
  label: z.string().regex(/^\s*[A-Z]\s*$/, 'expected the letter of an option'),
  question_id: z.union([z.string(), z.number()]).transform(String),
})

const OPTION = /^\s*\(([A-Z])\)\s*(.*?)\s*$/

/**
 * V* (craigwu/vstar_bench): the options stand in the text. As published, the right one stands at A far too often: a model that always says A looks good. They
 * are put into another order by the seed, and the label follows.
 */
export const vstar: Layout = {
  schema: 'V*',
  required: { parquet: Object.keys(row.shape), tsv: Object.keys(row.shape) },
  fields({ raw, settings: { suite, seed, prompt } }) {
    const { image, text, category, label, question_id } = checkRow({ schema: row, raw })
    const { question, options } = readText({ text, where: raw.where })
    const right = options.findIndex(({ letter }) => letter === label.trim())
    if (right === -1) {
      throw new UsageError(
        `${raw.where}, column \`label\`: expected one of ${options.map(({ letter }) => letter).join(', ')}, got ${JSON.stringify(label)}`,
      )
    }
    const id = `${category}/${question_id}`
    const shown = shuffleChoices({
      options: options.map(({ text: option }) => option),
      right,
      seed: `${seed} ${suite} ${id}`,
    })
    return {
      id,
      question: fillPrompt({ prompt, category, values: { question, options: optionLines(shown.options) } }),
      answers: [shown.letter],
      images: [image],
      applied: null,
      isCanonical: false,
      box: null,
      options: shown.options,
      category,
      distinction: id,
      metadata: {
        ...plainColumns({ row: raw.row, without: Object.keys(row.shape) }),
        published_label: label.trim(),
      },
    }
  },
}

/** The question before the options, and the options; what follows them is the published instruction and is left out. */
function readText({ text, where }: { text: string; where: string }): {
  question: string
  options: { letter: string; text: string }[]
} {
  const lines = text.split('\n')
  const options = lines.flatMap((line) => {
    const [, letter, option] = OPTION.exec(line) ?? []
    return letter === undefined || option === undefined ? [] : [{ letter, text: option }]
  })
  const first = lines.findIndex((line) => OPTION.test(line))
  const question = lines.slice(0, Math.max(first, 0)).join('\n').trim()
  if (options.length >= 2 && question !== '') return { question, options }
  throw new UsageError(
    `${where}, column \`text\`: expected a question and below it at least two options, each on a line of its own as "(A) text", got ${JSON.stringify(text.slice(0, 120))}`,
  )
}
