import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DataError } from '../../../core/errors.js'
import { inspectImage } from '../../check/inspect-image.js'
import { fromJsonl } from '../jsonl/from-jsonl.js'
import type { ConversationFile } from '../open-conversations.js'
import { readJsonRows, type JsonRow } from '../read-json-rows.js'
import { PAPER_ATTRIBUTES } from '../sharegpt/dataset-attributes.js'
import { toSharegpt } from '../sharegpt/to-sharegpt.js'
import { checkRow, type RowReport } from './check-row.js'
import { EFFECTS, type ConversationFinding, type Effect, type RowFinding } from './conversation-finding.js'

/** What a check of conversations came to. */
export interface ConversationReport {
  rows: number
  /** Different image files that were looked at. */
  images: number
  /** Rows by the worst that was found of them; those without a finding are not among them. */
  effects: Readonly<Record<Effect, number>>
  findings: number
}

/**
 * Say of every row of conversation files what LLaMA-Factory would refuse of it: columns, who speaks when, markers and images, calls, tools. Every image is decoded once. One row is
 * held at a time.
 * @throws UsageError when a file cannot be read at all
 */
export async function checkConversations({
  files,
  signal,
  onFinding,
  onRow = () => undefined,
}: {
  files: readonly ConversationFile[]
  signal?: AbortSignal | undefined
  /** In the order of the rows. */
  onFinding: (finding: ConversationFinding) => void
  onRow?: (rows: number) => void
}): Promise<ConversationReport> {
  const effects = new Map<Effect, number>(EFFECTS.map((effect) => [effect, 0]))
  const images = imageProblems()
  let rows = 0
  let findings = 0
  for (const file of files) {
    for await (const row of readJsonRows(file.path)) {
      signal?.throwIfAborted()
      const found = await findingsOf({ row, file, problemOf: images.problemOf })
      for (const one of found) onFinding({ ...one, file: file.path, row: row.index + 1, where: row.where })
      findings += found.length
      const worst = EFFECTS.find((effect) => found.some((one) => one.effect === effect))
      if (worst !== undefined) effects.set(worst, (effects.get(worst) ?? 0) + 1)
      onRow(++rows)
    }
  }
  return {
    rows,
    images: images.count(),
    effects: Object.fromEntries(effects) as Record<Effect, number>,
    findings,
  }
}

async function findingsOf({
  row,
  file,
  problemOf,
}: {
  row: JsonRow
  file: ConversationFile
  problemOf: (path: string) => Promise<string | null>
}): Promise<RowFinding[]> {
  const { findings, images } = reportOf({ row, file })
  const broken: RowFinding[] = []
  for (const [at, name] of images.entries()) {
    const problem = await problemOf(resolve(file.folder, name))
    if (problem !== null)
      broken.push({
        ...{ check: 'images', effect: 'stops', what: `image ${at + 1}` },
        ...{ expected: `an image file at ${name}`, got: problem },
      })
  }
  return [...findings, ...broken]
}

/** A line of our own is looked at as what it is exported to. */
function reportOf({ row, file: { format, folder } }: { row: JsonRow; file: ConversationFile }): RowReport {
  if (!row.ok) return unreadable({ error: row.error, expected: 'one JSON object' })
  if (format.kind === 'sharegpt') return checkRow({ row: row.value, attributes: format.attributes })
  try {
    const conversation = fromJsonl({
      row: Object(row.value) as Record<string, unknown>,
      folder,
      where: 'row',
    })
    const exported = toSharegpt({ conversation, images: conversation.images })
    return checkRow({ row: exported, attributes: PAPER_ATTRIBUTES })
  } catch (error) {
    if (error instanceof DataError) return unreadable({ error, expected: 'a conversation' })
    throw error
  }
}

function unreadable({ error, expected }: { error: DataError; expected: string }): RowReport {
  const got = error.message.replace(/^[^:]*: /, '')
  return { findings: [{ check: 'schema', effect: 'stops', what: 'row', expected, got }], images: [] }
}

/** Looks at each file once. */
function imageProblems(): { problemOf: (path: string) => Promise<string | null>; count: () => number } {
  const known = new Map<string, string | null>()
  return {
    async problemOf(path) {
      const before = known.get(path)
      if (before !== undefined) return before
      const problem = await imageProblem(path)
      known.set(path, problem)
      return problem
    },
    count: () => known.size,
  }
}

async function imageProblem(path: string): Promise<string | null> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch {
    return 'none there that can be read' // what is told
  }
  const inspection = await inspectImage(bytes)
  return inspection.isDecodable ? null : `${bytes.length} bytes that cannot be decoded (${inspection.reason})`
}
