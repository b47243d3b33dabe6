import { openScoredRun } from '../evaluation/scored-run.js'
import { comparePaper, type PaperComparison } from '../report/paper/paper-comparison.js'
import { renderPaperTable } from '../report/paper/paper-table.js'
import { writeAtomic } from '../store/write-atomic.js'

/**
 * Print runs beside the paper's figures.
 * @param parameters.json file for the same as data; undefined: none. @param parameters.profile scoring that the runs were given; null: their own.
 */
export async function printPaperTable({
  paths,
  format,
  json,
  profile,
}: {
  paths: readonly string[]
  format: 'text' | 'markdown'
  json: string | undefined
  profile: string | null
}): Promise<void> {
  const comparisons: PaperComparison[] = []
  for (const path of paths) comparisons.push(await comparePaper(await openScoredRun({ path, profile })))
  console.log(renderPaperTable({ comparisons, format }))
  if (json === undefined) return
  const data = `${JSON.stringify({ schemaVersion: 1, comparisons }, null, 2)}\n`
  await writeAtomic({ path: json, data, advice: 'choose another file (--json)' })
  console.log(`\nWritten: ${json}`)
}
