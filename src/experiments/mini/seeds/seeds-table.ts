import { aligned } from '../../../evaluation/table/aligned.js'
import { percent } from '../../percent.js'
import type { SeedsFigures } from './across-seeds.js'

/** A table for each stage: a line for each transformation, with the accuracy of every training, their mean and its interval, mean turns and failed calls. */
export function seedsTable(figures: readonly SeedsFigures[]): string {
  const stages = [...new Set(figures.map(({ stage }) => stage))]
  return stages
    .map((stage) => {
      const own = figures.filter((one) => one.stage === stage)
      const labels = own[0]?.trainings.map(({ label }) => label) ?? []
      const head = [stage, ...labels, 'mean', '95 %', 'turns', 'errors']
      const lines = own.map(({ transform, trainings, mean, interval, turns, toolErrors }) => [
        transform,
        ...trainings.map(({ accuracy }) => percent(accuracy)),
        percent(mean),
        interval === null ? '' : interval.map(percent).join('–'),
        turns.toFixed(2),
        String(toolErrors),
      ])
      return aligned([head, ...lines]).join('\n')
    })
    .join('\n\n')
}
