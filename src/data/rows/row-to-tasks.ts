import { createHash } from 'node:crypto'
import { UsageError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import type { Box, Transform } from '../../core/transform.js'
import { imageSize } from '../image-size.js'
import { requiredToolsFor } from '../transforms/required-tools.js'
import type { Layout, RowFields, RowSettings } from '../layouts/layout.js'
import type { MisnamedColumn } from '../layouts/misnamed-columns.js'
import { mapBox } from '../transforms/map-box.js'
import type { RawRow } from './row-file.js'
import { sourceImage, taskImage, type SourceImage } from './task-images.js'

export interface RowTasks {
  /** One for each transformation, in their order. */
  tasks: readonly Task[]
  /** What of the row could not be used, though its question can be asked. */
  notices: readonly string[]
  /** Columns that look like one that is read and not there: most likely those of every row. */
  misnamed: readonly MisnamedColumn[]
  /** Image files that stand beside the data file. */
  files: readonly string[]
}

/**
 * Check a row and make it tasks. A box that encloses nothing spoils no question: it is taken as unknown, and `notices` tells row and value.
 * @throws UsageError naming file, row and column, what was expected and what came.
 */
export async function rowToTasks({
  raw,
  file,
  layout,
  settings,
  transforms,
}: {
  raw: RawRow
  file: string
  layout: Layout
  settings: RowSettings
  /** Applied here to the first image, one task each; null: the row itself says what was applied. */
  transforms: readonly Transform[] | null
}): Promise<RowTasks> {
  const fields = layout.fields({ raw, settings })
  const sources = await Promise.all(
    fields.images.map((cell, at) =>
      sourceImage({ cell, file, where: `${raw.where}, column \`images[${at}]\`` }),
    ),
  )
  const own = transformOf({ applied: fields.applied, where: raw.where })
  const { box, notice } = readBox({ numbers: fields.box, where: raw.where })
  if (transforms !== null && own !== 'none') {
    throw new UsageError(
      `${raw.where}: expected an untransformed image to transform, got one that has been transformed (${own}) already`,
    )
  }
  const needsSize = transforms?.some((transform) => transform !== 'none') ?? fields.isCanonical
  const [first] = sources
  // What cannot be transformed is told before the first question is asked, and then no more than other images that cannot be used.
  const size = needsSize && first !== undefined ? await sizeOf({ source: first, where: raw.where }) : null
  const told = [...(notice === null ? [] : [notice]), ...(typeof size === 'string' ? [size] : [])]
  const tasks = (transforms ?? [own]).map((transform): Task => {
    const opened = sources.map((source, at) =>
      taskImage({
        source,
        apply: at === 0 && (transforms !== null || fields.isCanonical) ? transform : 'none',
        where: `${raw.where}, column \`images[${at}]\``,
      }),
    )
    const moved =
      transforms !== null && box !== null && size !== null
        ? typeof size === 'string'
          ? null
          : mapBox({ box, ...size, transform })
        : box
    return {
      key: keyOf({ fields, identities: opened.map(({ identity }) => identity) }),
      id: transforms === null || transform === 'none' ? fields.id : `${fields.id}:${transform}`,
      suite: settings.suite,
      question: fields.question,
      images: opened.map(({ image }) => image),
      answers: fields.answers,
      ...(fields.options && { options: fields.options }),
      ...(fields.category !== undefined && { category: fields.category }),
      ...clusterOf({ fields, sources, isTransformed: transforms !== null }),
      transform,
      requiredTools: requiredTools({ fields, transform, isOurs: transforms !== null }),
      box: moved,
      metadata: fields.metadata,
    }
  })
  return {
    tasks,
    notices: told,
    misnamed: fields.misnamed ?? [],
    files: sources.flatMap(({ path }) => path ?? []),
  }
}

function keyOf({ fields, identities }: { fields: RowFields; identities: readonly string[] }): string {
  const { question, answers, distinction } = fields
  const identity = [question, answers, identities, ...(distinction === undefined ? [] : [distinction])]
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex')
}

/** The orientations of one row, and what the row itself says is a variant of another one. */
function clusterOf({
  fields: { cluster, variantsOf, question },
  sources,
  isTransformed,
}: {
  fields: RowFields
  sources: readonly SourceImage[]
  isTransformed: boolean
}): { cluster?: string } {
  if (cluster !== undefined) return { cluster }
  const same = variantsOf ?? (isTransformed ? question : undefined)
  if (same === undefined) return {}
  const text = JSON.stringify([same, sources.map(({ sha256 }) => sha256)])
  return { cluster: createHash('sha256').update(text).digest('hex').slice(0, 16) }
}

/** Where the transformation is ours, what undoes it is known, and nothing else is. */
function requiredTools({
  fields: { applied },
  transform,
  isOurs,
}: {
  fields: RowFields
  transform: Transform
  isOurs: boolean
}): string[] | null {
  if (applied !== null) return requiredToolsFor({ transform, needsCrop: applied.includes('crop') })
  return isOurs && transform !== 'none' ? requiredToolsFor({ transform, needsCrop: false }) : null
}

/** Or why it cannot be had, with file and row. */
async function sizeOf({
  source,
  where,
}: {
  source: SourceImage
  where: string
}): Promise<{ width: number; height: number } | string> {
  return imageSize(source.bytes).catch((cause: unknown) => {
    if (!(cause instanceof UsageError)) throw cause
    return `${where}, column \`images[0]\`: ${cause.message}`
  })
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
