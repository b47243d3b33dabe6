import { svgFigure } from '../../../report/svg-figure.js'
import type { TransformFigures } from '../transform-figures.js'

/** Of a letter of a name, on the average, px; and of what stands beside the names: axis, dots, figures. */
const LETTER = 6.5
const BESIDE = 240

/** Accuracy of each arm, the mean over transformations, as SVG: a dot with its interval a line. */
export function accuracyFigure(
  arms: readonly { name: string; colour: string; average: TransformFigures['average'] }[],
): Promise<string> {
  const shown = arms.flatMap(({ name, colour, average }) =>
    average === null
      ? []
      : [{ name, colour, value: average.value, low: average.interval?.[0], high: average.interval?.[1] }],
  )
  const ranged = shown.filter(({ low }) => low !== undefined)
  const marginLeft = 16 + LETTER * Math.max(...arms.map(({ name }) => name.length))
  return svgFigure((plot) => ({
    width: BESIDE + marginLeft,
    height: 60 + 26 * arms.length,
    marginLeft,
    marginRight: 44,
    marginTop: 6,
    marginBottom: 34,
    x: { label: 'accuracy', domain: [0, 1], tickFormat: '.0%', ticks: 3, grid: true },
    y: { label: null, domain: arms.map(({ name }) => name), tickSize: 0 },
    marks: [
      plot.ruleY(ranged, { y: 'name', x1: 'low', x2: 'high', stroke: 'colour', strokeWidth: 2 }),
      plot.dot(shown, { y: 'name', x: 'value', fill: 'colour', r: 4 }),
      plot.text(shown, {
        y: 'name',
        x: 1,
        text: ({ value }: { value: number }) => `${(100 * value).toFixed(1)} %`,
        textAnchor: 'start',
        dx: 4,
        fontSize: 11,
      }),
    ],
  }))
}
