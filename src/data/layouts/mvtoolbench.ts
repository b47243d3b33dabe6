import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import type { RawRow } from '../rows/row-file.js'
import { decodeBase64 } from './cells.js'
import { checkRow } from './check-row.js'
import { optionLines } from './choices.js'
import type { Layout, RowFields } from './layout.js'
import { mvtoolbenchRow, plainRow, type PlainRow } from '../rows/mvtoolbench-row.js'
import { describeMisnamed, misnamedColumns, type MisnamedColumn } from './misnamed-columns.js'
import { plainColumns } from './plain-columns.js'
import { fillPrompt } from './prompt-template.js'

/** Columns of plain rows. */
const PLAIN = Object.keys(plainRow.shape)
const COLUMNS = ['prompt', 'images', 'reward_model', 'extra_info']

/** MVToolBench (paper, section 5), and plain columns as people write JSON Lines by hand. */
export const mvtoolbench: Layout = {
  schema: 'MVToolBench',
  required: { parquet: COLUMNS, tsv: ['question', 'answer', 'image'] },
  fields({ raw, settings: { prompt } }) {
    const fields = 'prompt' in raw.row || 'extra_info' in raw.row ? nestedFields(raw) : plainFields(raw)
    const { question, options = [], category } = fields
    return {
      ...fields,
      question: fillPrompt({ prompt, category, values: { question, options: optionLines(options) } }),
    }
  },
}

function nestedFields(raw: RawRow): RowFields {
  const row = checkRow({ schema: mvtoolbenchRow, raw })
  const { extra_info: extra, reward_model: reward } = row
  const asked = row.prompt.filter(({ role }) => role === 'user').map(({ content }) => content)
  const question = extra.question ?? asked.join('\n').replaceAll('<image>', '').trim()
  if (question === '')
    throw new UsageError(`${raw.where}, column \`prompt\`: expected a question of the user, got none`)
  return {
    id: row.task?.id ?? String(extra.index ?? raw.index),
    question,
    answers: unique([reward.ground_truth, extra.answer, ...(extra.answers_alt ?? [])]),
    images: row.images,
    applied: extra.transform ?? null,
    isCanonical: extra.bbox_input != null,
    box: extra.bbox_input ?? extra.bbox ?? null,
    ...(extra.kind != null && { category: extra.kind }),
    ...(row.task && { ...scoringFields(row.task), distinction: row.task.id }),
    metadata: {
      ...plainColumns({ row: raw.row, without: [...COLUMNS, 'task'] }),
      ...(row.task?.metadata != null && jsonObject({ text: row.task.metadata, where: raw.where })),
      ...plainColumns({
        row: extra,
        without: ['answer', 'answers_alt', 'bbox', 'bbox_input', 'kind', 'question', 'transform'],
      }),
    },
  }
}

function plainFields(given: RawRow): RowFields {
  const raw = withDecodedImage(given)
  const misnamed = misnamedColumns({ row: raw.row, known: PLAIN })
  const row = checkPlainRow({ raw, misnamed })
  const images = row.images ?? (row.image ? [row.image] : [])
  const isCanonical = row.bbox_input != null
  const id = row.id ?? String(row.index ?? raw.index)
  return {
    id,
    question: row.question,
    answers: unique([row.answer, ...(row.answers_alt ?? [])]),
    images,
    applied: row.transform ?? null,
    isCanonical,
    box: (isCanonical ? row.bbox_input : row.bbox) ?? null,
    ...scoringFields(row),
    ...(row.metadata != null && { distinction: id }),
    metadata: {
      ...plainColumns({ row: raw.row, without: PLAIN }),
      // Without an id, the number is the id.
      ...(row.id != null && row.index != null && { index: row.index }),
      ...row.metadata,
    },
    misnamed,
  }
}

/** @throws UsageError with a line for each wrong cell and, since that may be why one is missing, for each column that looks like another one. */
function checkPlainRow({ raw, misnamed }: { raw: RawRow; misnamed: readonly MisnamedColumn[] }): PlainRow {
  const hints = misnamed.map((column) => `${raw.where}: ${describeMisnamed(column)}`)
  try {
    const row = checkRow({ schema: plainRow, raw })
    if (row.image !== undefined || row.images !== undefined) return row
    throw new UsageError(`${raw.where}: missing column \`image\` (or \`images\`)`)
  } catch (cause) {
    if (!(cause instanceof UsageError) || hints.length === 0) throw cause
    throw new UsageError([cause.message, ...hints].join('\n'), { cause })
  }
}

/** Of a TSV, the image is base64. */
function withDecodedImage(raw: RawRow): RawRow {
  const { image } = raw.row
  if (!(image instanceof Uint8Array)) return raw
  return { ...raw, row: { ...raw.row, image: decodeBase64({ cell: image, where: raw.where }) } }
}

function scoringFields({
  options,
  category,
  cluster,
}: {
  options?: readonly string[] | null | undefined
  category?: string | null | undefined
  cluster?: string | null | undefined
}): Pick<RowFields, 'options' | 'category' | 'cluster'> {
  return {
    ...(options != null && options.length > 0 && { options }),
    ...(category != null && { category }),
    ...(cluster != null && { cluster }),
  }
}

function jsonObject({ text, where }: { text: string; where: string }): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch (cause) {
    throw new UsageError(
      `${where}, column \`task.metadata\`: expected a JSON object, got ${text.slice(0, 80)}`,
      {
        cause,
      },
    )
  }
}

function unique(answers: readonly (string | null | undefined)[]): string[] {
  return [...new Set(answers.filter((answer) => typeof answer === 'string'))]
}
