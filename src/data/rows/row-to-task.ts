import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { UsageError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import type { Box, Transform } from '../../core/transform.js'
import { requiredToolsFor } from '../inverse.js'
import { mvtoolbenchRow, plainRow, type ImageCell } from './mvtoolbench-row.js'
import type { RawRow } from './row-file.js'
import { taskImage } from './task-images.js'

/** What both layouts of a row come down to. */
interface Fields {
  id: string
  question: string
  answers: string[]
  images: readonly ImageCell[]
  /** Names as the row has them; null where it does not say. */
  applied: readonly string[] | null
  /** The image is the canonical one: the transformation is still to be applied. */
  isCanonical: boolean
  box: readonly number[] | null
  metadata: Record<string, unknown>
}

/**
 * Check a row and make it a task. A box that encloses nothing spoils no question: it is taken as unknown, and `notices` tells row and value.
 * @throws UsageError naming file, row and column, what was expected and what came.
 */
export async function rowToTask({
  raw,
  file,
  suite,
}: {
  raw: RawRow
  file: string
  suite: string
}): Promise<{ task: Task; notices: string[] }> {
  const isNested = 'prompt' in raw.row || 'extra_info' in raw.row
  const { id, question, answers, images, applied, isCanonical, box, metadata } = isNested
    ? nestedFields(raw)
    : plainFields(raw)
  const transform = transformOf({ applied, where: raw.where })
  const opened = await Promise.all(
    images.map((cell, at) =>
      taskImage({
        cell,
        file,
        where: `${raw.where}, column \`images[${at}]\``,
        apply: isCanonical && at === 0 ? transform : 'none',
      }),
    ),
  )
  const identity = JSON.stringify([question, answers, opened.map((image) => image.identity)])
  const { box: usable, notice } = readBox({ numbers: box, where: raw.where })
  const task: Task = {
    key: createHash('sha256').update(identity).digest('hex'),
    id,
    suite,
    question,
    images: opened.map(({ image }) => image),
    answers,
    transform,
    requiredTools:
      applied === null ? null : requiredToolsFor({ transform, needsCrop: applied.includes('crop') }),
    box: usable,
    metadata,
  }
  return { task, notices: notice === null ? [] : [notice] }
}

function nestedFields(raw: RawRow): Fields {
  const row = check({ schema: mvtoolbenchRow, raw })
  const { extra_info: extra, reward_model: reward } = row
  const asked = row.prompt.filter(({ role }) => role === 'user').map(({ content }) => content)
  const question = extra.question ?? asked.join('\n').replaceAll('<image>', '').trim()
  if (question === '')
    throw new UsageError(`${raw.where}, column \`prompt\`: expected a question of the user, got none`)
  return {
    id: String(extra.index ?? raw.index),
    question,
    answers: unique([reward.ground_truth, extra.answer, ...(extra.answers_alt ?? [])]),
    images: row.images,
    applied: extra.transform ?? null,
    isCanonical: extra.bbox_input != null,
    box: extra.bbox_input ?? extra.bbox ?? null,
    metadata: plain({
      ...without(raw.row, ['prompt', 'images', 'reward_model', 'extra_info']),
      ...without(extra, ['answer', 'answers_alt', 'bbox', 'bbox_input', 'question', 'transform']),
    }),
  }
}

function plainFields(raw: RawRow): Fields {
  const row = check({ schema: plainRow, raw })
  const images = row.images ?? (row.image ? [row.image] : [])
  if (images.length === 0) throw new UsageError(`${raw.where}: missing column \`image\` (or \`images\`)`)
  const isCanonical = row.bbox_input != null
  return {
    id: row.id ?? String(row.index ?? raw.index),
    question: row.question,
    answers: unique([row.answer, ...(row.answers_alt ?? [])]),
    images,
    applied: row.transform ?? null,
    isCanonical,
    box: (isCanonical ? row.bbox_input : row.bbox) ?? null,
    metadata: plain(without(raw.row, Object.keys(plainRow.shape))),
  }
}

function check<Schema extends z.ZodType>({ schema, raw }: { schema: Schema; raw: RawRow }): z.output<Schema> {
  const result = schema.safeParse(raw.row, { reportInput: true })
  if (result.success) return result.data
  const where = (): string => `${raw.where}, column`
  throw new UsageError(
    explainIssues({ error: result.error, schema, where })
      .map((line) => line.replace(', column: ', ', column '))
      .join('\n'),
  )
}

function transformOf({ applied, where }: { applied: readonly string[] | null; where: string }): Transform {
  const names = (applied ?? []).filter((name): name is Transform => name !== 'crop' && name !== 'none')
  const [transform = 'none', ...more] = names
  if (more.length === 0) return transform
  throw new UsageError(
    `${where}, column \`transform\`: expected at most one of rotate_90, rotate_180, rotate_270, flip_horizontal, flip_vertical, got ${names.join(', ')}`,
  )
}

/** Null where the row has none, or one that encloses nothing or begins outside of the image. */
function readBox({ numbers, where }: { numbers: readonly number[] | null; where: string }): {
  box: Box | null
  notice: string | null
} {
  const [left, top, right, bottom] = numbers ?? []
  if (left === undefined || top === undefined || right === undefined || bottom === undefined)
    return { box: null, notice: null }
  if (left < right && top < bottom && left >= 0 && top >= 0)
    return { box: [left, top, right, bottom], notice: null }
  return {
    box: null,
    notice: `${where}: the box [${[left, top, right, bottom].join(', ')}] is taken as unknown; expected left < right and top < bottom, none of them negative`,
  }
}

function unique(answers: readonly (string | null | undefined)[]): string[] {
  return [...new Set(answers.filter((answer) => typeof answer === 'string'))]
}

function without(row: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}

/** Further columns as JSON can hold them; bytes are left out. */
function plain(columns: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(columns, (_, value: unknown) => {
    if (typeof value === 'bigint') return Number(value)
    return value instanceof Uint8Array ? undefined : value
  })
  return JSON.parse(text) as Record<string, unknown>
}
