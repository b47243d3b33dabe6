import type { SchemaElement } from 'hyparquet-writer'

type Column = SchemaElement[]

const leaf = (name: string, type: Pick<SchemaElement, 'type' | 'converted_type'>): Column => [
  { name, ...type, repetition_type: 'OPTIONAL' },
]
const text = (name: string): Column => leaf(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' })
const bytes = (name: string): Column => leaf(name, { type: 'BYTE_ARRAY' })
const long = (name: string): Column => leaf(name, { type: 'INT64' })
const truth = (name: string): Column => leaf(name, { type: 'BOOLEAN' })
const group = (name: string, ...children: Column[]): Column => [
  { name, repetition_type: 'OPTIONAL', num_children: children.length },
  ...children.flat(),
]
const list = (name: string, element: Column): Column => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
]

/** Columns of the RL set's parquet file (see `verlRow`), by name. */
export function verlSchema({ toolName }: { toolName: string }): ReadonlyMap<string, Column> {
  return new Map([
    ['data_source', text('data_source')],
    ['prompt', list('prompt', group('element', text('content'), text('role')))],
    ['images', list('images', group('element', bytes('bytes'), text('path')))],
    ['reward_model', group('reward_model', text('ground_truth'), text('style'))],
    ['agent_name', text('agent_name')],
    [
      'extra_info',
      group(
        'extra_info',
        text('answer'),
        list('answers_alt', text('element')),
        list('bbox', long('element')),
        text('dataset_name'),
        long('index'),
        text('question'),
        text('split'),
        list('transform', text('element')),
        truth('need_tools_kwargs'),
        group('tools_kwargs', group(toolName, group('create_kwargs', text('task_key')))),
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
}
