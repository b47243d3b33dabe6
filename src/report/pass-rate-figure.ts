import type { FilterReport } from '../curation/filter/filter-report.js'
import { passLabels } from '../curation/filter/pass-labels.js'
import { svgFigure } from './svg-figure.js'

const BEFORE = '#bdc1c6'
const KEPT = '#1a73e8'
const PANEL = 86

/**
 * How often rows were solved, as SVG: of all of them and of each transformation, the share of rows at each pass rate, and which of them were kept.
 */
export async function passRateFigure({
  overall,
  byTransform,
  runs,
  rollouts: { perRow },
}: FilterReport): Promise<string> {
  const groups = [['all', overall] as const, ...Object.entries(byTransform)]
  const panels = groups.map(([name, group]) => `${name} (${group.rows.toLocaleString('en-US')})`)
  const [axis, ...labels] = passLabels({ passRates: overall.passRates, perRow })
  const bars = groups.flatMap(([, { passRates }], at) => {
    const { before, kept } = passRates
    const total = before.counts.reduce((sum, count) => sum + count, 0)
    return before.counts.map((count, step) => ({
      panel: panels[at],
      rate: labels[step] ?? '',
      before: total === 0 ? 0 : count / total,
      kept: total === 0 ? 0 : (kept.counts[step] ?? 0) / total,
      count,
    }))
  })
  const most = Math.max(0.01, ...bars.map(({ before }) => before))
  const who = [
    ...new Set(runs.map(({ policy }) => (policy.name === policy.model ? policy.name : policy.model))),
  ]
  return svgFigure((plot) => ({
    width: 760,
    height: 110 + groups.length * PANEL,
    marginLeft: 150,
    marginRight: 52,
    marginTop: 64,
    marginBottom: 44,
    x: { label: axis, domain: labels, padding: 0.15 },
    y: { label: null, domain: [0, most * 1.25], ticks: 2, tickFormat: '.0%', grid: true, axis: 'right' },
    fy: { label: null, domain: panels, padding: 0.18, axis: 'left' },
    marks: [
      plot.barY(bars, { fy: 'panel', x: 'rate', y: 'before', fill: BEFORE }),
      plot.barY(bars, { fy: 'panel', x: 'rate', y: 'kept', fill: KEPT }),
      plot.text(bars, {
        fy: 'panel',
        x: 'rate',
        y: 'before',
        text: ({ count }: { count: number }) => (count === 0 ? '' : count.toLocaleString('en-US')),
        dy: -6,
        fontSize: 10,
      }),
      plot.ruleY([0]),
      ...headings(who).map(({ text, fill, dx, dy, fontSize }) =>
        plot.text([text], {
          frameAnchor: 'top-left',
          facetAnchor: 'top',
          textAnchor: 'start',
          fontWeight: 600,
          dx,
          dy,
          fill,
          fontSize,
        }),
      ),
    ],
  }))
}

function headings(who: readonly string[]) {
  return [
    {
      text: `How often rows were solved: ${who.join(', ')}`,
      fill: '#202124',
      dx: -138,
      dy: -52,
      fontSize: 14,
    },
    { text: 'not kept', fill: '#80868b', dx: -138, dy: -30, fontSize: 12 },
    { text: 'kept', fill: KEPT, dx: -78, dy: -30, fontSize: 12 },
  ]
}
