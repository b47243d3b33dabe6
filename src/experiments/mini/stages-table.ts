import { TRANSFORMS } from '../../core/transform.js'
import { aligned } from '../../evaluation/table/aligned.js'
import { percent } from '../percent.js'
import type { MiniStage } from './mini-stages.js'
import type { StageFigures } from './stage-figures.js'

/** Stages side by side, a line for each transformation: accuracy with its interval, mean turns, failed calls. */
export function stagesTable(stages: Readonly<Partial<Record<MiniStage, StageFigures>>>): string {
  const columns = Object.entries(stages)
  const heads = columns.flatMap(([stage]) => [stage, '95 %', 'turns', 'errors'])
  const lines = TRANSFORMS.map((transform) => [
    transform,
    ...columns.flatMap(([, figures]) => {
      const { accuracy, low, high, turns, toolErrors } = figures[transform]
      return [percent(accuracy), `${percent(low)}–${percent(high)}`, turns.toFixed(2), String(toolErrors)]
    }),
  ])
  return aligned([['', ...heads], ...lines]).join('\n')
}
