import type { ScaleOptions } from '@observablehq/plot'
import { svgFigure } from '../svg-figure.js'
import type { TrainingCurves } from '../training-curves.js'
import { binnedCurve } from './binned-curve.js'
import type { CurvePanel } from './curve-panels.js'

/** Told apart by those who see few colours too, as far as so many can be. */
const CURVE_COLOURS = [
  ...['#1a73e8', '#d93025', '#1e8e3e', '#f29900', '#a142f4', '#00838f', '#7b4b2a', '#e52592', '#5f6368'],
  '#9aa0a6',
]

const POINTS = 160
/** Fewer points than this are marked. */
const DOTTED = 30

/** The curves of a panel over the steps of a training, as SVG; colours in the order of the curves. */
export async function panelFigure({
  panel: { curves, scale },
  training: { steps, figures },
}: {
  panel: CurvePanel
  training: TrainingCurves
}): Promise<string> {
  const values = new Map(figures)
  const points = curves.flatMap(({ name, label }) =>
    binnedCurve({ steps, values: values.get(name) ?? [], most: POINTS })
      .filter(({ value }) => scale !== 'log' || value > 0)
      .map((point) => ({ ...point, label })),
  )
  const labels = curves.map(({ label }) => label)
  return svgFigure((plot) => ({
    width: 440,
    height: 250,
    marginLeft: 56,
    marginBottom: 42,
    x: { label: 'step' },
    y: { label: null, grid: true, ...axisOf(scale) },
    color: { domain: labels, range: labels.map((_, at) => curveColour(at)) },
    marks: [
      plot.lineY(points, { x: 'step', y: 'value', z: 'label', stroke: 'label', strokeWidth: 1.6 }),
      plot.dot(points.length / curves.length <= DOTTED ? points : [], {
        x: 'step',
        y: 'value',
        fill: 'label',
        r: 2.5,
      }),
    ],
  }))
}

function axisOf(scale: CurvePanel['scale']): ScaleOptions {
  switch (scale) {
    case 'log':
      return { type: 'log' }
    case 'linear':
      return { type: 'linear', nice: true }
    case 'share':
      return { type: 'linear', domain: [0, 1], tickFormat: '.0%' }
  }
}

export function curveColour(at: number): string {
  return CURVE_COLOURS[at % CURVE_COLOURS.length] ?? '#1a73e8'
}
