import type { OpenedSuite } from '../open-suite.js'
import { ahead } from '../ahead.js'
import type { CheckedRow } from './checked-row.js'
import type { Finding } from './finding.js'
import type { ImageInspector } from './image-inspector.js'
import { inspectRow } from './inspect-row.js'
import { schemaFindings } from './schema-findings.js'
import { sourceRows } from './source-rows.js'

/** Rows whose images are held and decoded at the same time. */
const AHEAD = 4

export interface InspectedRow {
  /** Rows of the file that it stands for: several where a part of the file cannot be read. */
  rows: number
  /** Null where it could not be read. */
  row: CheckedRow | null
  /** Why not. */
  wrong: readonly Finding[]
}

/** The rows of a suite in order, their images looked at. */
export async function* inspectedRows({
  path,
  suite,
  inspector,
}: {
  /** What was named to be checked. */
  path: string
  suite: OpenedSuite
  inspector: ImageInspector
}): AsyncGenerator<InspectedRow> {
  yield* ahead({
    items: sourceRows(suite),
    width: AHEAD,
    work: async (row): Promise<InspectedRow> => {
      if (row.isReadable) return { rows: 1, row: await inspectRow({ row, path, inspector }), wrong: [] }
      const { place, rows, reason } = row
      return { rows, row: null, wrong: schemaFindings({ place, schema: suite.layout.schema, reason }) }
    },
  })
}
