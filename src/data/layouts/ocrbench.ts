import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import type { RawRow } from '../rows/row-file.js'
import { base64Cell, decodeBase64, imageCell, wholeCell } from './cells.js'
import { checkRow } from './check-row.js'
import type { Layout, RowFields } from './layout.js'
import { plainColumns } from './plain-columns.js'
import { fillPrompt } from './prompt-template.js'
import { parsePythonList } from './python-list.js'

/** The data set of the hub. */
const parquetRow = z.object({
  dataset: z.string(),
  question: z.string().min(1),
  question_type: z.string(),
  answer: z.array(z.string()).min(1),
  image: imageCell,
})

/** The form that evaluation toolkits distribute: the answers are a Python list as text. */
const tsvRow = z.object({
  index: wholeCell,
  question: z.string().min(1),
  answer: z.string().min(1),
  category: z.string(),
  image: base64Cell,
})

/** The one category whose rows are scored by the rule for formulas, and the one data set that it was drawn from. */
const FORMULAS = { category: 'Handwritten Mathematical Expression Recognition', dataset: 'HME100k' }

/** OCRBench (echo840/OCRBench): open questions with one or more accepted answers. */
export const ocrbench: Layout = {
  schema: 'OCRBench',
  required: {
    parquet: Object.keys(parquetRow.shape),
    tsv: Object.keys(tsvRow.shape),
  },
  fields({ raw, settings: { prompt } }) {
    const common = 'dataset' in raw.row ? fromParquet(raw) : fromTsv(raw)
    const question = fillPrompt({ prompt, category: common.category, values: { question: common.question } })
    return { ...common, question, applied: null, isCanonical: false, box: null, distinction: common.id }
  },
}

type Common = Pick<RowFields, 'id' | 'answers' | 'images' | 'metadata'> & {
  question: string
  category: string
}

function fromParquet(raw: RawRow): Common {
  const { dataset, question, question_type, answer, image } = checkRow({ schema: parquetRow, raw })
  return {
    id: String(raw.index),
    question,
    answers: answer,
    images: [image],
    category: question_type,
    metadata: {
      ...plainColumns({ row: raw.row, without: Object.keys(parquetRow.shape) }),
      dataset_name: dataset,
      question_type,
    },
  }
}

function fromTsv(raw: RawRow): Common {
  const { index, question, answer, category, image } = checkRow({ schema: tsvRow, raw })
  const answers = parsePythonList(answer)
  if (answers === null || answers.length === 0) {
    throw new UsageError(
      `${raw.where}, column \`answer\`: expected a Python list of texts, such as ['one', 'other'], got ${JSON.stringify(answer.slice(0, 80))}`,
    )
  }
  return {
    id: String(index),
    question,
    answers,
    images: [decodeBase64({ cell: image, where: raw.where })],
    category,
    metadata: {
      ...plainColumns({ row: raw.row, without: Object.keys(tsvRow.shape) }),
      ...(category === FORMULAS.category && { dataset_name: FORMULAS.dataset }),
      question_type: category,
    },
  }
}
