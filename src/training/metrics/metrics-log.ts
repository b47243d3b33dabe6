import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { StoreError } from '../../core/errors.js'
import { METRICS_FILE, type Run } from '../../store/run.js'
import { openEventFile } from './event-file.js'
import type { StepMetrics } from './step-metrics.js'

export const EVENTS_FOLDER = 'tensorboard'
/** Of the names of an evaluation's figures, which have a line of their own. */
export const EVALUATION_PREFIX = 'evaluation/'

const line = z.object({ step: z.number(), figures: z.record(z.string(), z.unknown()).optional() })

/** Keeps what each step measured: a line of metrics.jsonl, and the same for TensorBoard. */
export interface MetricsLog {
  /** Whether an evaluation after the step that it was opened at is in it already. */
  readonly isEvaluated: boolean
  add(metrics: StepMetrics): Promise<void>
}

/**
 * @param parameters.step steps that were taken before: lines of later ones, which a killed session left, are removed, since these steps are taken again.
 * @throws StoreError when a file cannot be written.
 */
export async function openMetricsLog({
  run,
  step,
}: {
  run: Pick<Run, 'path' | 'readLines' | 'writeLines'>
  step: number
}): Promise<MetricsLog> {
  const earlier = await run.readLines(METRICS_FILE)
  const kept =
    step === 0 ? [] : earlier.filter((value) => (line.safeParse(value).data?.step ?? Infinity) <= step)
  await run.writeLines(METRICS_FILE, kept)
  const path = join(run.path, METRICS_FILE)
  const folder = join(run.path, EVENTS_FOLDER)
  const events = await openEventFile({ folder, step: earlier.length > 0 ? step : null })
  return {
    isEvaluated: evaluatedSteps(kept).has(step),
    async add(metrics) {
      await appendFile(path, `${JSON.stringify(metrics)}\n`).catch((cause: unknown) => {
        throw new StoreError(
          `${path} could not be written: ${String(cause)}; free space or permissions, then resume the run`,
          { cause },
        )
      })
      await events.add({ step: metrics.step, scalars: metrics.figures })
    },
  }
}

/** After which steps lines of metrics.jsonl tell an evaluation. */
export function evaluatedSteps(lines: readonly unknown[]): Set<number> {
  return new Set(
    lines.flatMap((value) => {
      const { step, figures = {} } = line.safeParse(value).data ?? {}
      const isEvaluation = Object.keys(figures).some((name) => name.startsWith(EVALUATION_PREFIX))
      return step !== undefined && isEvaluation ? [step] : []
    }),
  )
}
