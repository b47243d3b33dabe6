import { TRANSFORMS } from '../../../core/transform.js'
import { percent } from '../../percent.js'
import { svgFigure } from '../../../report/svg-figure.js'
import { MINI_STAGES, type MiniStage } from '../mini-stages.js'
import type { SeedsFigures } from './across-seeds.js'

const NAMES: Readonly<Record<MiniStage, string>> = { base: 'base', sft: 'SFT', rl: 'GRPO' }
const COLOURS: Readonly<Record<MiniStage, string>> = { base: '#5f6368', sft: '#e07a1f', rl: '#1a73e8' }

/** The paper in miniature as SVG: stages side by side for each transformation; a dot for each training, their mean as a bar, and its interval. */
export function seedsFigure(figures: readonly SeedsFigures[]): Promise<string> {
  const stages = MINI_STAGES.filter((stage) => figures.some((one) => one.stage === stage))
  const bars = figures
    .filter(({ transform }) => transform !== 'all')
    .map(({ stage, interval, ...one }) => {
      const accuracies = one.trainings.map(({ accuracy }) => accuracy)
      const [low, high] = interval ?? [one.mean, one.mean]
      return { ...one, stage: NAMES[stage], low, high, top: Math.max(high, ...accuracies) }
    })
  const dots = bars.flatMap(({ trainings, stage, transform }) =>
    trainings.map(({ accuracy }) => ({ stage, transform, accuracy })),
  )
  const inPlace = { fx: 'transform', x: 'stage' } as const
  return svgFigure((plot) => ({
    width: 960,
    height: 330,
    marginLeft: 48,
    marginTop: 34,
    marginBottom: 30,
    fx: { domain: TRANSFORMS, label: null, padding: 0.12 },
    x: { domain: stages.map((stage) => NAMES[stage]), label: null, padding: 0.15 },
    // Room above for the figures.
    y: { domain: [0, 1.08], label: null, grid: true, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1], tickFormat: '.0%' },
    color: {
      domain: stages.map((stage) => NAMES[stage]),
      range: stages.map((stage) => COLOURS[stage]),
    },
    marks: [
      plot.barY(bars, { ...inPlace, y: 'mean', fill: 'stage', fillOpacity: 0.3 }),
      plot.ruleX(bars, { ...inPlace, y1: 'low', y2: 'high', stroke: 'stage', strokeWidth: 1.5 }),
      plot.dot(dots, { ...inPlace, y: 'accuracy', fill: 'stage', r: 3, stroke: '#fff', strokeWidth: 0.75 }),
      plot.text(bars, {
        ...inPlace,
        y: 'top',
        text: ({ mean }: (typeof bars)[number]) => percent(mean),
        dy: -10,
        fontWeight: 600,
        fill: 'stage',
      }),
      plot.ruleY([0]),
    ],
  }))
}
