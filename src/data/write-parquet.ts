import { dirname } from 'node:path'
import { makeFolder } from '../config/make-folder.js'
import { mvtoolbenchCells, type RowExtension } from './mvtoolbench-cells.js'
import type { Box } from '../core/transform.js'
import { group, IMAGES, list, long, PROMPT, TASK, text, type ParquetColumn } from './parquet-columns.js'
import { writeRowGroups, type GroupedRow } from './write-row-groups.js'

/** A row to be written in the MVToolBench schema. */
export interface NewRow {
  question: string
  answer: string
  /** Image files as they are: never re-encoded. `path` is a name only. */
  images: readonly { bytes: Uint8Array; path: string }[]
  /** What was applied, and `crop` where the evidence must be cropped; null where that is not known. */
  transform: readonly string[] | null
  /** In pixels of the first image as given; null where it is not known. */
  box: Box | null
  index: number
  split: string
  datasetName: string
  dataSource: string
  /** What the published layout has no column for; written where `columns` is `extended`. */
  extension?: RowExtension
  /** Written where `columns` is `annotated` or `training`. */
  annotation?: RowAnnotation
  /** Further right answers; written where `columns` is `training`. */
  alternatives?: readonly string[]
}

/** What evaluation keeps with a row beside the published columns; it stands in a column `task` of its own. */
export interface RowAnnotation {
  /** The data set's name for the row. */
  id: string
  /** Kind of question as accuracies are reported by; null where it has none. */
  category: string | null
  /** Texts of the options, and name of the cluster (see `Task`); written where `columns` is `training`. */
  options?: readonly string[]
  cluster?: string
  /** Becomes the task's metadata. */
  metadata: Readonly<Record<string, unknown>>
}

/**
 * Write rows as a parquet file in the MVToolBench schema. The file appears whole or not at all, and the same rows give the same bytes.
 * `rows` may be lazy: one row group is held at a time.
 * @throws StoreError where it cannot be written.
 */
export async function writeParquet({
  path,
  rows,
  rowGroupSize = 100,
  columns = 'published',
}: {
  path: string
  rows: Iterable<NewRow> | AsyncIterable<NewRow>
  /** Rows of a row group, at the most. */
  rowGroupSize?: number
  /** `published`: MVToolBench's own; `extended`: with those of {@link RowExtension} inside `extra_info`; `annotated`: with {@link RowAnnotation}; `training`: with all that a task holds. */
  columns?: keyof typeof LAYOUTS
}): Promise<void> {
  // By all commands whose folder was not made before.
  await makeFolder(dirname(path), '--out')
  await writeRowGroups({ path, rows: asCells(rows), columns: LAYOUTS[columns], groupRows: rowGroupSize })
}

async function* asCells(rows: Iterable<NewRow> | AsyncIterable<NewRow>): AsyncGenerator<GroupedRow> {
  for await (const row of rows) {
    const { extra_info: extra, ...others } = mvtoolbenchCells(row)
    const cells = {
      ...others,
      images: row.images.map(({ bytes, path }) => ({ bytes, path })),
      extra_info: {
        ...extra,
        index: BigInt(extra.index),
        bbox: longs(extra.bbox),
        ...(extra.bbox_input !== undefined && { bbox_input: longs(extra.bbox_input) }),
        ...(row.alternatives && { answers_alt: [...row.alternatives] }),
      },
      ...(row.annotation && {
        task: { ...row.annotation, metadata: JSON.stringify(row.annotation.metadata) },
      }),
    }
    yield { cells, bytes: row.images.reduce((sum, { bytes }) => sum + bytes.length, 0) }
  }
}

function longs(box: readonly number[] | null): bigint[] | null {
  return box === null ? null : box.map(BigInt)
}

const extraInfo = [
  text('answer'),
  list('bbox', long('element')),
  text('dataset_name'),
  long('index'),
  text('question'),
  text('split'),
  list('transform', text('element')),
]

const COLUMNS = new Map<string, ParquetColumn>([
  ['data_source', text('data_source')],
  ['prompt', PROMPT],
  ['images', IMAGES],
  ['reward_model', group('reward_model', text('ground_truth'), text('style'))],
  ['extra_info', group('extra_info', ...extraInfo)],
])

const EXTENDED = new Map([
  ...COLUMNS,
  [
    'extra_info',
    group(
      'extra_info',
      ...extraInfo,
      list('answers_alt', text('element')),
      list('bbox_input', long('element')),
      text('kind'),
      text('image_id'),
    ),
  ],
])

const ANNOTATED = new Map([
  ...COLUMNS,
  ['task', group('task', text('id'), text('category'), text('metadata'))],
])

const TRAINING = new Map([
  ...COLUMNS,
  ['extra_info', group('extra_info', ...extraInfo, list('answers_alt', text('element')))],
  ['task', TASK],
])

const LAYOUTS = { published: COLUMNS, extended: EXTENDED, annotated: ANNOTATED, training: TRAINING } as const
