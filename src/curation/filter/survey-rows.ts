import { createHash } from 'node:crypto'
import type { Task } from '../../core/task.js'
import type { FilterOptions } from './filter-options.js'
import { needsCrop } from './needs-crop.js'
import type { Source } from './open-sources.js'
import { repeatedPictures } from './repeated-pictures.js'
import type { SurveyedRow } from './surveyed-row.js'

export interface Survey {
  /** Each row once, in the order of the sources. */
  readonly rows: readonly SurveyedRow[]
  /** Rows of each source, repetitions included. */
  readonly counts: readonly number[]
  /** Rows that repeat an earlier one: in every byte of question, answers and images; or with the same pixels in another file. */
  readonly repeated: { readonly byKey: number; readonly byPixels: number }
}

export interface SurveyProgress {
  done: number
  total: number
}

/**
 * Read every row of the sources and note what filtering must know of it; of rows that repeat an earlier one, only how many there are. One row is held at a time.
 * @throws UsageError for a wrong row, with file and row; AbortError.
 */
export async function surveyRows({
  sources,
  options,
  signal,
  onProgress = () => undefined,
}: {
  sources: readonly Source[]
  options: Pick<FilterOptions, 'crop-rule' | 'crop-below'>
  signal?: AbortSignal | undefined
  onProgress?: (progress: SurveyProgress) => void
}): Promise<Survey> {
  const total = sources.reduce((sum, { rows }) => sum + rows.count, 0)
  const seen = new Set<string>()
  const rows: SurveyedRow[] = []
  let done = 0
  for (const [source, { rows: suite }] of sources.entries()) {
    for await (const { index, task, notices } of suite.tasks()) {
      signal?.throwIfAborted()
      onProgress({ done: ++done, total })
      if (seen.has(task.key)) continue
      seen.add(task.key)
      const { key, id, transform, category = null } = task
      const crop = await needsCrop({ task, options })
      rows.push({
        key,
        id,
        source,
        row: index,
        transform,
        category,
        needsCrop: crop,
        notices,
        asked: askedOf(task),
      })
    }
  }
  const repeats = await repeatedPictures({ rows, sources, signal })
  return {
    rows: rows.filter(({ key }) => !repeats.has(key)),
    counts: sources.map(({ rows: suite }) => suite.count),
    repeated: { byKey: done - seen.size, byPixels: repeats.size },
  }
}

function askedOf({ question, answers, options }: Task): string {
  return createHash('sha256')
    .update(JSON.stringify([question, answers, options ?? null]))
    .digest('base64')
}
