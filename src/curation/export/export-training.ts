import { extname, join, resolve } from 'node:path'
import { loadSystemPrompt } from '../../agent/load-prompt.js'
import { TOOL_NAME } from '../../agent/tool-description.js'
import { UsageError, type DataError } from '../../core/errors.js'
import type { Outcome } from '../../core/sample.js'
import type { ImageChoice } from '../../data/conversations/sample-conversation.js'
import { addDatasetInfo } from '../../data/conversations/sharegpt/add-dataset-info.js'
import { writeVerlParquet } from '../../data/conversations/verl/write-verl-parquet.js'
import { writeConversations } from '../../data/conversations/write-conversations.js'
import { FILE_NAMES, type TrainingFormat } from './export-format.js'
import { sourceConversations } from './source-conversations.js'
import { sourceTasks } from './source-tasks.js'
import { openTrainingSource } from './training-source.js'

export interface ExportTrainingParameters {
  /** A run folder, conversations, or questions (see `openTrainingSource`). */
  source: string
  format: TrainingFormat
  /** Folder to write to. */
  out: string
  /** Name of the data file there. */
  file?: string | undefined
  /** Of a run; not for `verl`, whose images are always those of the question in full resolution. */
  images?: ImageChoice
  /** Of an evaluation, samples that count; default: correct ones, for `verl` all that were scored. Of a curated run those that were kept, whatever this says. */
  outcomes?: readonly Outcome[] | undefined
  /** `verl`: text file of a system prompt to put before each question. */
  systemPrompt?: string | undefined
  /** `verl`: split of rows that do not say theirs. */
  split?: string
  /** A row that cannot be exported: it is left out, the others are written. */
  onProblem: (problem: DataError) => void
  onRow?: ((rows: number) => void) | undefined
}

export interface ExportedTraining {
  /** The data file, absolute. */
  path: string
  rows: number
  /** Files beside the rows; null where they stand in them. */
  images: number | null
  /** Samples that do not belong to the set, by why. */
  leftOut: ReadonlyMap<string, number>
  /** Its name in `dataset_info.json`; null for other formats. */
  dataset: string | null
}

const SCORED: readonly Outcome[] = ['correct', 'wrong', 'unparsed', 'truncated', 'turn-limit']

/**
 * Write training data in a format that trainers read.
 * @throws UsageError when the source is none, or nothing in it can be exported; StoreError when the disk is full or not writable
 */
export async function exportTraining({
  source: path,
  format,
  out,
  file = FILE_NAMES[format].name,
  images = 'view',
  outcomes = format === 'verl' ? SCORED : ['correct'],
  systemPrompt,
  split = 'train',
  onProblem,
  onRow,
}: ExportTrainingParameters): Promise<ExportedTraining> {
  const { ends } = FILE_NAMES[format]
  if (!ends.includes(extname(file)) || file !== file.split(/[\\/]/).at(-1))
    throw new UsageError(`--file: expected a name that ends with ${ends.join(' or ')}, got ${file}`)
  const target = join(resolve(out), file)
  const leftOut = new Map<string, number>()
  const common = {
    source: await openTrainingSource(path),
    outcomes,
    onLeftOut: (reason: string) => void leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1),
    onProblem,
  }
  const written =
    format === 'verl'
      ? {
          rows: await writeVerlParquet({
            path: target,
            tasks: sourceTasks(common),
            settings: {
              split,
              systemPrompt:
                systemPrompt === undefined ? null : await loadSystemPrompt({ path: systemPrompt }),
              toolName: TOOL_NAME,
            },
            ...{ onProblem, onRow },
          }),
          images: null,
        }
      : await writeConversations({
          path: target,
          format,
          conversations: sourceConversations({ ...common, images }),
          ...{ onProblem, onRow },
        })
  if (written.rows === 0)
    throw new UsageError(`${resolve(path)}: expected something to export, got ${nothing(leftOut)}`)
  const dataset = format === 'llamafactory' ? await addDatasetInfo(target) : null
  return { path: target, ...written, leftOut, dataset }
}

function nothing(leftOut: ReadonlyMap<string, number>): string {
  const counts = [...leftOut].map(([reason, count]) => `${reason} ${count}`).join(', ')
  return counts === ''
    ? 'nothing'
    : `only what does not belong to it: ${counts} (of an evaluation, see --outcomes)`
}
