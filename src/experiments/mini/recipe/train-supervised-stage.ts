import { join } from 'node:path'
import { readLines } from '../../../store/lines.js'
import { writeAtomic } from '../../../store/write-atomic.js'
import { openMetricsLog, type MetricsLog } from '../../../training/metrics/metrics-log.js'
import { finiteFigures } from '../../../training/metrics/step-metrics.js'
import type { OpenStageEngine } from '../engines/stage-engine.js'
import type { MiniStageConfig } from '../mini-config.js'
import { trainStage, type StageEvent } from '../train-stage.js'
import { stageMetrics } from './stage-metrics.js'

/**
 * Train a supervised stage in its folder, or go on with it, and keep what it measures: metrics.jsonl and tensorboard/, as every training does. Lines of steps that are taken again are replaced.
 * @param parameters.from checkpoint to begin with; null: new weights
 */
export async function trainSupervisedStage({
  config,
  folder,
  from,
  openEngine,
  onEvent,
  signal,
}: {
  config: MiniStageConfig
  folder: string
  from: string | null
  openEngine?: OpenStageEngine | undefined
  onEvent: (event: StageEvent) => void
  signal?: AbortSignal | undefined
}): Promise<void> {
  let log: MetricsLog | null = null
  const { from: named, ...own } = config
  const first = from ?? named
  await trainStage({
    config: { ...own, ...(first !== undefined && { from: first }) },
    folder,
    ...(openEngine && { openEngine }),
    ...(signal && { signal }),
    async onEvent(event) {
      if (event.type === 'opened') log = await openMetricsLog({ run: stageFiles(folder), step: event.step })
      const figures = stageMetrics(event)
      if (figures !== null && event.type !== 'opened')
        await log?.add({
          step: event.step,
          pass: 0,
          at: new Date().toISOString(),
          figures: finiteFigures(figures),
        })
      onEvent(event)
    },
  })
}

/** The folder of a stage as the log of a training needs it. */
function stageFiles(path: string): Parameters<typeof openMetricsLog>[0]['run'] {
  return {
    path,
    readLines: (name) => readLines(join(path, name)),
    writeLines: (name, values) =>
      writeAtomic({
        path: join(path, name),
        data: values.map((value) => `${JSON.stringify(value)}\n`).join(''),
        advice: 'free space or permissions, then give the command again',
      }),
  }
}
