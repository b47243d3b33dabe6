import { join } from 'node:path'
import { openRun } from '../store/open-run.js'
import { writeInlineReport } from './write-inline-report.js'
import { writeRunReport } from './write-run-report.js'

export interface WrittenReport {
  /** The page, absolute. */
  file: string
  samples: number
  /** Of the page and its chunks; images, which the run holds anyway, only where they stand in the page. */
  bytes: number
}

/**
 * Write the report of a run: report.html, whole samples in chunks under report/, images where they are. `inline`: one page that holds everything,
 * report-inline.html. Chunks are named by their content, and the page is replaced last, so that an old report works until the new one is there.
 * @throws UsageError where there is no run, or a page with everything would be larger than 200 MB; StoreError where the run is being written (look at it with
 *   `codevision view` then), damaged, or its disk is full; AbortError.
 */
export async function writeReport({
  path,
  inline = false,
  signal,
}: {
  /** The run folder. */
  path: string
  inline?: boolean
  signal?: AbortSignal
}): Promise<WrittenReport> {
  const run = await openRun({ path, mode: 'derive' })
  try {
    if (inline)
      return await writeInlineReport({ runs: [run], file: join(run.path, 'report-inline.html'), signal })
    const { file, samples, bytes } = await writeRunReport({ run, signal })
    return { file, samples, bytes }
  } finally {
    await run.close()
  }
}
