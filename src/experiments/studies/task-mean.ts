import { MEASURES, type MeasureName } from './measures.js'
import type { TaskRecord } from './task-record.js'

/** Mean of a measure over tasks; null of none. */
export function meanOf({
  measure,
  records,
}: {
  measure: MeasureName
  records: readonly TaskRecord[]
}): number | null {
  if (records.length === 0) return null
  return records.reduce((sum, record) => sum + MEASURES[measure].of(record), 0) / records.length
}
