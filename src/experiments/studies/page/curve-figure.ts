import { svgFigure } from '../../../report/svg-figure.js'
import type { CurvePoint } from './curve-points.js'

/** A figure of one arm over the steps of its training. */
export interface Curve {
  readonly colour: string
  /** Averaged over near steps, with the range of the seeds. */
  readonly points: readonly CurvePoint[]
  /** As measured; empty where nothing was averaged. */
  readonly raw: readonly CurvePoint[]
}

/** Curves of several arms as SVG: lines with a band from the lowest seed to the highest; what was averaged stands thin behind. */
export function curveFigure({
  curves,
  hasDots,
}: {
  curves: readonly Curve[]
  /** Measured at a few steps only. */
  hasDots: boolean
}): Promise<string> {
  const all = curves.flatMap(({ points, raw }) => [...points, ...raw])
  const low = Math.min(0, ...all.map((point) => point.low))
  const high = Math.max(0.05, ...all.map((point) => point.high))
  return svgFigure((plot) => ({
    width: 380,
    height: 230,
    marginLeft: 40,
    marginRight: 12,
    marginTop: 10,
    marginBottom: 34,
    x: {
      label: 'step',
      ticks: 5,
      tickFormat: (step: number) => (Number.isInteger(step) ? String(step) : ''),
    },
    y: { label: null, domain: [low, high], nice: true, grid: true, ticks: 5 },
    marks: [
      plot.ruleY([0], { stroke: '#9aa0a6' }),
      ...curves.flatMap(({ colour, points, raw }) => [
        plot.areaY([...points], { x: 'step', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.15 }),
        plot.line([...raw], { x: 'step', y: 'mean', stroke: colour, strokeWidth: 0.75, strokeOpacity: 0.35 }),
        plot.line([...points], { x: 'step', y: 'mean', stroke: colour, strokeWidth: 2 }),
        ...(hasDots ? [plot.dot([...points], { x: 'step', y: 'mean', fill: colour, r: 3 })] : []),
      ]),
    ],
  }))
}
