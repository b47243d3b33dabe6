import { z } from 'zod'
import type { DatasetAttributes } from '../sharegpt/dataset-attributes.js'
import { callFindings } from './call-findings.js'
import type { RowFinding } from './conversation-finding.js'
import { markerFindings } from './marker-findings.js'
import { textFindings } from './text-findings.js'
import { toolFindings } from './tool-findings.js'
import { turnFinding } from './turn-finding.js'

/** One message as it stands in the file. */
export interface Turn {
  readonly from: string
  readonly value: string
}

/** What a row says, once its columns are what they must be. */
export interface CheckedRow {
  /** Without a system message at the beginning, which is told apart. */
  readonly turns: readonly Turn[]
  readonly system: string
  readonly tools: string
  /** As they stand in the file. */
  readonly images: readonly string[]
}

export interface RowReport {
  readonly findings: readonly RowFinding[]
  /** Paths as they stand in the row, to be looked for; none where the row is not used anyway. */
  readonly images: readonly string[]
}

/**
 * What LLaMA-Factory (0.9) refuses about a row of a set with formatting `sharegpt`, apart from its image files: its converter, then its template with the images' markers. As it
 * does, nothing more is said of a row that is left out.
 */
export function checkRow({ row, attributes }: { row: unknown; attributes: DatasetAttributes }): RowReport {
  const read = readRow({ row, attributes })
  if ('findings' in read) return { ...read, images: [] }
  const { tags } = attributes
  const dropped = turnFinding({ turns: read.turns, tags })
  if (dropped !== null) return { findings: [dropped], images: [] }
  return {
    findings: [
      ...markerFindings(read),
      ...callFindings({ turns: read.turns, tags }),
      ...toolFindings(read),
      ...textFindings({ ...read, tags }),
    ],
    images: read.images,
  }
}

function readRow({
  row,
  attributes: { columns, tags },
}: {
  row: unknown
  attributes: DatasetAttributes
}): CheckedRow | { findings: RowFinding[] } {
  const text = z.string()
  const message = z.looseObject({ [tags.role]: text.nullish(), [tags.content]: text })
  const schema = z.looseObject({
    [columns.messages]: z.array(message),
    ...(columns.images !== null && { [columns.images]: z.union([text, z.array(text)]).nullish() }),
    ...(columns.system !== null && { [columns.system]: text.nullish() }),
    ...(columns.tools !== null && { [columns.tools]: text.nullish() }),
  })
  const result = schema.safeParse(row, { reportInput: true })
  if (!result.success) return { findings: result.error.issues.map(schemaFinding) }
  const cells: Record<string, unknown> = result.data
  const cell = (name: string | null): unknown => (name === null ? null : (cells[name] ?? null))
  const turns = z
    .array(z.record(text, z.unknown()))
    .parse(cell(columns.messages))
    .map((turn): Turn => ({ from: asText(turn[tags.role]), value: asText(turn[tags.content]) }))
  const [first, ...rest] = turns
  const isSystem = first !== undefined && tags.system !== null && first.from === tags.system
  const images = cell(columns.images)
  return {
    turns: isSystem ? rest : turns,
    system: isSystem ? first.value : asText(cell(columns.system)),
    tools: asText(cell(columns.tools)),
    images: typeof images === 'string' ? [images] : Array.isArray(images) ? images.map(asText) : [],
  }
}

function schemaFinding(issue: z.core.$ZodIssue): RowFinding {
  return {
    check: 'schema',
    effect: 'stops',
    what: issue.path.length === 0 ? 'row' : issue.path.map(String).join('.'),
    expected: expectedBy(issue),
    got: describeValue(issue.input),
  }
}

function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return issue.expected === 'array'
      ? 'a list'
      : `${issue.expected === 'object' ? 'an' : 'a'} ${issue.expected}`
  return issue.code === 'invalid_union' ? 'a path or a list of paths' : issue.message
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  return `${JSON.stringify(value)}`.slice(0, 60)
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
