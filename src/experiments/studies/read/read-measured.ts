import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../../../core/error-code.js'
import type { Transform } from '../../../core/transform.js'
import { readTrainingCurves } from '../../../report/training-curves.js'
import { openRun } from '../../../store/open-run.js'
import type { MeasuredSeed } from '../measured-arm.js'
import { taskRecord, type TaskRecord } from '../task-record.js'

const summary = z.object({ isComplete: z.boolean() })

/** What an arm's runs hold; null where the evaluation is not complete. @throws StoreError for a run that is damaged. */
export async function readMeasured({
  seed,
  evaluation,
  training,
  transforms,
}: {
  seed: number
  /** Run folders. */
  evaluation: string
  training: string | null
  /** Tasks of others are left out. */
  transforms: readonly Transform[]
}): Promise<MeasuredSeed | null> {
  const text = await readFile(join(evaluation, 'summary.json'), 'utf8').catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return null
    throw cause
  })
  if (text === null || summary.safeParse(JSON.parse(text)).data?.isComplete !== true) return null
  const run = await openRun({ path: evaluation, mode: 'read' })
  const records: TaskRecord[] = []
  for await (const sample of run.samples()) {
    const record = transforms.includes(sample.transform) ? taskRecord(sample) : null
    if (record !== null) records.push(record)
  }
  const curves =
    training === null ? null : await readTrainingCurves(await openRun({ path: training, mode: 'read' }))
  return { seed, records, curves, folders: { training, evaluation } }
}
