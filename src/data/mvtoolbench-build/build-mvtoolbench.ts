import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { fileSha256 } from '../file-sha256.js'
import { writeParquet } from '../write-parquet.js'
import type { BuildParameters } from './build-parameters.js'
import type { ImageForm } from './image-form.js'
import { reportSplit, type BuildReport } from './build-report.js'
import { checkRows } from './check-rows.js'
import { createContactSheet } from './contact-sheet.js'
import { gatherImages } from './gather-images.js'
import { openImageFolder } from './image-folder.js'
import { existingOutputs, outputPaths, type OutputPaths } from './output-paths.js'
import { planRows, type PlannedRow } from './plan-rows.js'
import { renderRows, type RenderedRow } from './render-rows.js'
import { inStaging } from './staging.js'
import { writeJsonl } from './write-jsonl.js'

export type BuildStep =
  | { step: 'reading'; share: number; images: number }
  | { step: 'writing' | 'checking'; done: number; total: number }

/** Rows on the contact sheet: one of each kind and each transformation at least. */
const SHEET_ROWS = 12
/** Rows that are held at a time: images of photographs, as PNG, are megabytes each. */
const ROWS_IN_GROUP = 10

/**
 * Build a suite in MVToolBench's layout from HierText's annotations (paper, sections 3 and 5). The same input and the same versions of this
 * program give the same bytes. All files appear at the end together, or none does.
 * @throws UsageError when the input is not what it must be, or does not hold enough for so many rows.
 */
export async function buildMvtoolbench(
  parameters: BuildParameters,
  {
    onStep = () => undefined,
    signal,
  }: { onStep?: (step: BuildStep) => void; signal?: AbortSignal | undefined } = {},
): Promise<{ report: BuildReport; paths: OutputPaths; isBuilt: boolean; checked: number | null }> {
  const { annotations, output, kinds, limits, handwritten, splits, perImage, seed, check } = parameters
  const paths = outputPaths({ output, splits })
  const existing = await existingOutputs(paths)
  if (existing.length > 0 && !check)
    throw new UsageError(`${existing[0]} is there already; remove it, choose another --output, or --check it`)
  const folder = await openImageFolder(parameters.imageFolder)
  const { images, tally } = await gatherImages({
    annotations,
    folder,
    kinds,
    limits,
    handwritten,
    seed,
    signal,
    onProgress: (progress) => onStep({ step: 'reading', ...progress }),
  })
  const planned = planRows({ images, rows: parameters.rows, kinds, splits, perImage, seed })
  const report: BuildReport = {
    parameters: reported(parameters),
    tally,
    splits: Object.fromEntries([...planned].map(([split, rows]) => [split, reportSplit(rows)])),
  }
  const total = [...planned.values()].reduce((sum, rows) => sum + rows.length, 0)
  const checkIn = async (place: string): Promise<number> => {
    let done = 0
    const onRow = (): void => onStep({ step: 'checking', done: ++done, total })
    for (const [split, rows] of planned)
      await checkRows({ path: join(place, paths.files.get(split) ?? ''), rows, onRow, signal })
    return done
  }
  if (existing.length > 0) return { report, paths, isBuilt: false, checked: await checkIn(paths.folder) }

  const checked = await inStaging({
    folder: paths.folder,
    staging: paths.staging,
    make: async (place) => {
      const sheet = createContactSheet()
      let done = 0
      const onRow = async (rendered: RenderedRow): Promise<void> => {
        if (done < SHEET_ROWS) await sheet.add(rendered)
        onStep({ step: 'writing', done: ++done, total })
      }
      for (const [split, rows] of planned) {
        const file = join(place, paths.files.get(split) ?? '')
        await writeSplit({ file, split, rows, paths, images: parameters.images, onRow, signal })
        const figures = report.splits[split]
        if (figures) figures.sha256 = await fileSha256(file)
      }
      await writeFile(join(place, paths.sheet), sheet.html(`${basename(output)}: the first rows`))
      await writeFile(join(place, paths.report), `${JSON.stringify(report, null, 2)}\n`)
      return check ? checkIn(place) : null
    },
  })
  return { report, paths, isBuilt: true, checked }
}

async function writeSplit({
  file,
  split,
  rows,
  paths,
  images,
  onRow,
  signal,
}: {
  file: string
  split: string
  rows: readonly PlannedRow[]
  paths: OutputPaths
  images: ImageForm
  onRow: (rendered: RenderedRow) => Promise<void>
  signal: AbortSignal | undefined
}): Promise<void> {
  const rendered = renderRows({ rows, images, onRow, signal })
  switch (paths.format) {
    case 'parquet':
      return writeParquet({ path: file, rows: rendered, rowGroupSize: ROWS_IN_GROUP, columns: 'extended' })
    case 'jsonl':
      return writeJsonl({
        path: file,
        imageFolder: paths.imageFolders.get(split) ?? 'images',
        rows: rendered,
      })
  }
}

/** Files by their names alone: where they lie on one machine is no part of what was built. */
function reported(parameters: BuildParameters): Readonly<Record<string, unknown>> {
  const { annotations, rows, seed, kinds, limits, handwritten, splits, perImage, images } = parameters
  return {
    annotations: basename(annotations),
    rows,
    seed,
    kinds,
    ...limits,
    handwritten,
    splits,
    perImage,
    images,
  }
}
