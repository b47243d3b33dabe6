import type { SchemaElement } from 'hyparquet-writer'
import type { Task } from '../core/task.js'
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

const leaf = (
  name: string,
  type: 'BYTE_ARRAY' | 'DOUBLE',
  isText = type === 'BYTE_ARRAY',
): SchemaElement => ({
  name,
  type,
  ...(isText && { converted_type: 'UTF8' }),
  repetition_type: 'OPTIONAL',
})
const text = (name: string): SchemaElement[] => [leaf(name, 'BYTE_ARRAY')]
const group = (name: string, ...children: SchemaElement[][]): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: children.length },
  ...children.flat(),
]
const list = (name: string, element: SchemaElement[]): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
]

const COLUMNS = new Map<string, SchemaElement[]>([
  ['data_source', text('data_source')],
  ['prompt', list('prompt', group('element', text('content'), text('role')))],
  ['images', list('images', group('element', [leaf('bytes', 'BYTE_ARRAY', false)], text('path')))],
  ['reward_model', group('reward_model', text('ground_truth'))],
  [
    'extra_info',
    group(
      'extra_info',
      list('answers_alt', text('element')),
      list('bbox', [leaf('element', 'DOUBLE')]),
      text('question'),
      list('transform', text('element')),
    ),
  ],
  [
    'task',
    group(
      'task',
      text('id'),
      list('options', text('element')),
      text('category'),
      text('cluster'),
      text('metadata'),
    ),
  ],
])
