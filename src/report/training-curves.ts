import { z } from 'zod'
import { METRICS_FILE, type RunReader } from '../store/run.js'

/** What each step of a training measured. */
export interface TrainingCurves {
  /** Steps that were taken, ascending. */
  steps: number[]
  /** By name, a value for each of `steps`; null where the step has none. */
  figures: [name: string, values: (number | null)[]][]
}

const line = z.object({ step: z.number(), figures: z.record(z.string(), z.number()) })

/** Read metrics.jsonl of a run; null where it has none. A step may have several lines: what it did, and an evaluation after it. */
export async function readTrainingCurves(run: Pick<RunReader, 'readLines'>): Promise<TrainingCurves | null> {
  const lines = (await run.readLines(METRICS_FILE)).flatMap((value) => line.safeParse(value).data ?? [])
  if (lines.length === 0) return null
  const bySteps = new Map<number, Record<string, number>>()
  for (const { step, figures } of lines) bySteps.set(step, { ...bySteps.get(step), ...figures })
  const steps = [...bySteps.keys()].sort((a, b) => a - b)
  const names = new Set(lines.flatMap(({ figures }) => Object.keys(figures)))
  return {
    steps,
    figures: [...names].map((name) => [name, steps.map((step) => bySteps.get(step)?.[name] ?? null)]),
  }
}
