import { UsageError } from '../../core/errors.js'
import type { Transform } from '../../core/transform.js'
import { writeAtomic } from '../../store/write-atomic.js'
import { isScored } from '../summary/credit.js'
import { digestOf } from '../summary/digest.js'
import { scorerOf } from '../summary/scorer-of.js'
import type { ScoredRun } from '../scored-run.js'
import { exportedSample, type ExportedSample, type IndexedSample } from './exported-sample.js'
import { lmmsEvalLine } from './lmms-eval-line.js'
import { tabSeparated } from './tab-separated.js'
import { vlmEvalKitRows } from './vlmevalkit-rows.js'

export const EXPORT_FORMATS = ['lmms-eval', 'vlmevalkit'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** What was written, and what was left out. */
export interface ExportResult {
  samples: number
  /** Failures of the infrastructure, which have no answer. */
  excluded: number
  /** Samples of other epochs than the one that was asked for. */
  otherEpochs: number
  /** Rows that have no number of the data set's own, where others do, and the number that the first of them was given; null: all or none have one. */
  unnumbered: { count: number; first: number } | null
}

/**
 * Write a run's answers as another tool's file, so that its scorer can be run over them: a line or row a sample, in the order of the data set's own numbers, then of names.
 * @param parameters.transform samples of one transformation only; null: all. @param parameters.epoch samples of one epoch, from 0: these tools know one answer a row.
 * @throws UsageError when no sample is left, or several have the same number, which the other tool would take for one row.
 */
export async function exportRun({
  scored,
  format,
  file,
  transform = null,
  epoch = 0,
}: {
  scored: ScoredRun
  format: ExportFormat
  file: string
  transform?: Transform | null
  epoch?: number
}): Promise<ExportResult> {
  const found: ExportedSample[] = []
  let excluded = 0
  let otherEpochs = 0
  for await (const sample of scored.samples()) {
    if (transform !== null && sample.transform !== transform) continue
    if (sample.epoch !== epoch) otherEpochs++
    else if (isScored(digestOf(sample))) found.push(lean(exportedSample(sample)))
    else excluded++
  }
  if (found.length === 0)
    throw new UsageError(
      `${scored.run.path}: expected scored samples of epoch ${epoch}${transform === null ? '' : ` and transformation ${transform}`}, got none`,
    )
  if (format === 'vlmevalkit' && found.some(({ sample }) => scorerOf(sample) === 'vstar'))
    throw new UsageError(
      `${scored.run.path}: the options of V* are asked in an order of the seed's, and VLMEvalKit knows the published letters only: export it for lmms-eval, or score it here (codevision score --profile vlmevalkit).`,
    )
  const samples = indexed(found)
  checkIndexes({ samples, path: scored.run.path })
  await writeAtomic({
    path: file,
    data: textOf({ samples, format }),
    advice: 'choose another file (--output)',
  })
  return { samples: samples.length, excluded, otherEpochs, unnumbered: unnumberedOf(samples) }
}

/** Without what no format writes: the turns and images of ten thousand samples are not held. */
function lean(exported: ExportedSample): ExportedSample {
  const { sample } = exported
  const { trajectory } = sample
  return {
    ...exported,
    sample: { ...sample, trajectory: trajectory && { ...trajectory, messages: [], images: [], calls: [] } },
  }
}

const BY_NAME = new Intl.Collator('en', { numeric: true })

/** By the data set's own numbers. Rows without one follow in the order of their names, numbered on from the highest; where no row has one, from 0. */
function indexed(samples: readonly ExportedSample[]): IndexedSample[] {
  const numbered = samples.flatMap((one) => (one.number === null ? [] : [{ ...one, index: one.number }]))
  const next = numbered.reduce((highest, { index }) => Math.max(highest, index), -1) + 1
  const others = samples
    .filter(({ number }) => number === null)
    .sort(
      (a, b) => BY_NAME.compare(a.sample.taskId, b.sample.taskId) || (a.sample.key < b.sample.key ? -1 : 1),
    )
    .map((one, at) => ({ ...one, index: next + at }))
  return [...numbered.sort((a, b) => a.index - b.index), ...others]
}

function unnumberedOf(samples: readonly IndexedSample[]): ExportResult['unnumbered'] {
  const [first, ...others] = samples.filter(({ number }) => number === null)
  if (first === undefined || others.length + 1 === samples.length) return null
  return { count: others.length + 1, first: first.index }
}

function textOf({ samples, format }: { samples: readonly IndexedSample[]; format: ExportFormat }): string {
  switch (format) {
    case 'lmms-eval':
      return samples.map((sample) => `${JSON.stringify(lmmsEvalLine(sample))}\n`).join('')
    case 'vlmevalkit':
      return tabSeparated(vlmEvalKitRows(samples))
  }
}

function checkIndexes({ samples, path }: { samples: readonly IndexedSample[]; path: string }): void {
  const repeated = samples.find(({ index }, at) => samples[at + 1]?.index === index)
  if (repeated === undefined) return
  throw new UsageError(
    `${path}: expected each row once, got row ${repeated.index} several times; where a run holds several transformations of a row, export one at a time (--transform).`,
  )
}
