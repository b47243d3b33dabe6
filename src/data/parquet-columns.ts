import type { SchemaElement } from 'hyparquet-writer'

/** Schema elements of one column, its own first, those within it after; every value may be missing. */
export type ParquetColumn = readonly SchemaElement[]

export const text = (name: string): ParquetColumn =>
  leaf(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' })
export const bytes = (name: string): ParquetColumn => leaf(name, { type: 'BYTE_ARRAY' })
export const long = (name: string): ParquetColumn => leaf(name, { type: 'INT64' })
export const double = (name: string): ParquetColumn => leaf(name, { type: 'DOUBLE' })
export const truth = (name: string): ParquetColumn => leaf(name, { type: 'BOOLEAN' })

/** Columns within one. */
export const group = (name: string, ...children: ParquetColumn[]): ParquetColumn => [
  { name, repetition_type: 'OPTIONAL', num_children: children.length },
  ...children.flat(),
]

/** Of any length, in the three levels that other readers expect; its element is called `element`. */
export const list = (name: string, element: ParquetColumn): ParquetColumn => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  ...element,
]

/** The conversation and the images of a row, as published sets have them. */
export const PROMPT: ParquetColumn = list('prompt', group('element', text('content'), text('role')))
export const IMAGES: ParquetColumn = list('images', group('element', bytes('bytes'), text('path')))

/** What scorers and statistics need of a task that the published columns have no place for. */
export const TASK: ParquetColumn = group(
  'task',
  text('id'),
  list('options', text('element')),
  text('category'),
  text('cluster'),
  text('metadata'),
)

function leaf(name: string, type: Pick<SchemaElement, 'type' | 'converted_type'>): ParquetColumn {
  return [{ name, ...type, repetition_type: 'OPTIONAL' }]
}
