import type { Task } from '../core/task.js'
import { double, group, IMAGES, list, PROMPT, TASK, text, type ParquetColumn } from './parquet-columns.js'
import { writeRowGroups, type GroupedRow } from './write-row-groups.js'
import type { WrittenImage } from './write-tasks.js'

const ROW_GROUP_ROWS = 50

/**
 * Write tasks as parquet in the MVToolBench schema, with what it has no column for in `extra_info.answers_alt` and `task` (options, category, cluster, further columns as
 * JSON), so that they are read back as they were. The file appears whole or not at all; one row group is held at a time.
 */
export async function writeTaskParquet({
  path,
  tasks,
}: {
  path: string
  tasks: AsyncIterable<{ task: Task; images: readonly WrittenImage[] }>
}): Promise<void> {
  await writeRowGroups({ path, rows: asCells(tasks), columns: COLUMNS, groupRows: ROW_GROUP_ROWS })
}

async function* asCells(
  tasks: AsyncIterable<{ task: Task; images: readonly WrittenImage[] }>,
): AsyncGenerator<GroupedRow> {
  for await (const { task, images } of tasks) {
    const [answer = '', ...others] = task.answers
    const cells = {
      data_source: task.suite,
      prompt: [{ content: `${'<image>'.repeat(images.length)}\n${task.question}`, role: 'user' }],
      images: images.map(({ bytes, name }) => ({ bytes, path: name })),
      reward_model: { ground_truth: answer },
      extra_info: {
        answers_alt: others,
        bbox: task.box === null ? null : [...task.box],
        question: task.question,
        transform: appliedTo(task),
      },
      task: {
        id: task.id,
        options: task.options === undefined ? null : [...task.options],
        category: task.category ?? null,
        cluster: task.cluster ?? null,
        metadata: JSON.stringify(task.metadata),
      },
    }
    yield { cells, bytes: images.reduce((sum, { bytes }) => sum + bytes.length, 0) }
  }
}

/** What a row says was applied: the transformation, and `crop` where it must be cropped; null where that is not known and nothing was applied. */
export function appliedTo({ transform, requiredTools }: Task): string[] | null {
  if (requiredTools === null && transform === 'none') return null
  const needsCrop = requiredTools?.includes('crop') === true
  return [...(transform === 'none' ? [] : [transform]), ...(needsCrop ? ['crop'] : [])]
}

const COLUMNS = new Map<string, ParquetColumn>([
  ['data_source', text('data_source')],
  ['prompt', PROMPT],
  ['images', IMAGES],
  ['reward_model', group('reward_model', text('ground_truth'))],
  [
    'extra_info',
    group(
      'extra_info',
      list('answers_alt', text('element')),
      list('bbox', double('element')),
      text('question'),
      list('transform', text('element')),
    ),
  ],
  ['task', TASK],
])
