import { rm, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { isThere } from '../config/is-there.js'
import { UsageError } from '../core/errors.js'
import { filterItems } from '../curation/filter/filter-items.js'
import { filterReport, type FilterReport } from '../curation/filter/filter-report.js'
import type { FilterItem } from '../curation/filter/filter-item.js'
import type { FilterOptions } from '../curation/filter/filter-options.js'
import { itemSuite } from '../curation/filter/item-suite.js'
import { openSources, type Source } from '../curation/filter/open-sources.js'
import { planItems } from '../curation/filter/plan-items.js'
import { surveyRows, type Survey } from '../curation/filter/survey-rows.js'
import { tallyRollouts } from '../curation/filter/tally-rollouts.js'
import { ROWS_FILE, writeFiltered } from '../curation/filter/write-filtered.js'
import type { Suite } from '../data/load-suite.js'
import { inStaging } from '../data/mvtoolbench-build/staging.js'
import { passRateFigure } from '../report/pass-rate-figure.js'
import { createDownloadDisplay } from './download-display.js'
import { createFilterDisplay } from './filter-display.js'

/** Of the folder that is written: the run that the pass rates come from. */
export const ROLLOUTS = 'rollouts'
const REPORT = 'report.json'
const FIGURE = 'pass-rates.svg'

/** Rows that are ready to be rolled out. */
export interface FilterMaterial {
  sources: readonly Source[]
  survey: Survey
  items: readonly FilterItem[]
  suite: Suite
}

/** Open the sources, read their rows, and decide what is asked. @throws UsageError for a wrong source or row; AbortError. */
export async function readMaterial({
  sources: given,
  out,
  options,
  signal,
}: {
  sources: readonly string[]
  out: string
  options: FilterOptions
  signal: AbortSignal | undefined
}): Promise<FilterMaterial> {
  const downloads = createDownloadDisplay()
  const sources = await openSources({
    sources: given,
    seed: options.seed,
    signal,
    onDownload: downloads.update,
  }).finally(downloads.stop)
  const display = createFilterDisplay()
  try {
    const survey = await surveyRows({
      sources,
      options,
      signal,
      onProgress: (progress) => display.update({ step: 'reading', ...progress }),
    })
    const items = await planItems({ survey, sources, options })
    if (items.length === 0)
      throw new UsageError(
        `--limit: expected rows between 1 and ${survey.rows.length}, got ${options.limit?.first}-${options.limit?.last}`,
      )
    return { sources, survey, items, suite: itemSuite({ name: basename(resolve(out)), sources, items }) }
  } finally {
    display.stop()
  }
}

/** What a folder holds of an earlier call: a run of rollouts, filtered rows, or nothing. */
export async function earlierWork(out: string): Promise<{ hasRun: boolean; hasRows: boolean }> {
  return {
    hasRun: await isThere(join(out, ROLLOUTS, 'manifest.json')),
    hasRows: await isThere(join(out, REPORT)),
  }
}

/**
 * Filter by the rollouts of runs and write rows, report and figure, which appear together; files of an earlier attempt are replaced.
 * @throws UsageError as {@link tallyRollouts}; StoreError when the folder cannot be written; AbortError.
 */
export async function writeFilter({
  material: { sources, survey, items, suite },
  out,
  runs: paths,
  profile,
  options,
  signal,
}: {
  material: FilterMaterial
  out: string
  runs: readonly string[]
  profile: string | null
  options: FilterOptions
  signal: AbortSignal | undefined
}): Promise<FilterReport> {
  const names = sources.map(({ name }) => name)
  const keys = new Set(items.map(({ key }) => key))
  const { tallies, runs } = await tallyRollouts({ runs: paths, keys, profile })
  const filtered = filterItems({ items, tallies, sources: names, options })
  const total = filtered.fates.filter((fate) => fate === 'kept').length
  const display = createFilterDisplay()
  try {
    const report = await inStaging({
      folder: resolve(out),
      staging: '.filter.partial',
      option: '--out',
      make: async (folder) => {
        const sha256 = await writeFiltered({
          ...{ folder, suite, items, tallies, filtered, signal },
          onRow: (done) => display.update({ step: 'writing', done, total }),
        })
        const made = { ...filterReport({ options, sources, survey, items, tallies, runs, filtered }), sha256 }
        await writeFile(join(folder, REPORT), `${JSON.stringify(made, null, 2)}\n`)
        await writeFile(join(folder, FIGURE), await passRateFigure(made))
        return made
      },
    })
    // Of an earlier attempt with other bounds.
    if (report.sha256 === null) await rm(join(out, ROWS_FILE), { force: true })
    return report
  } finally {
    display.stop()
  }
}
