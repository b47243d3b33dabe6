import type { ComponentMeans, RewardSummary } from '../evaluation/rewards/summarize-rewards.js'
import { OUTCOMES, type Outcome } from '../core/sample.js'
import { svgFigure } from './svg-figure.js'

const COLOURS: Partial<Record<Outcome, string>> = {
  correct: '#1e8e3e',
  wrong: '#d93025',
  unparsed: '#a142f4',
  truncated: '#f29900',
  'turn-limit': '#5f6368',
}
/** Counts that are logged and not paid; they have another scale. */
const LOGGED = new Set(['NumTurns', 'toolTurns'])
const BAR = 15

/** The mean of every component of a reward by outcome, as SVG: a group of bars a component. */
export async function rewardFigure({ head, reward, overall, byOutcome }: RewardSummary): Promise<string> {
  const outcomes = OUTCOMES.filter((outcome) => byOutcome[outcome] !== undefined)
  const components = Object.keys(overall.means).filter((name) => !LOGGED.has(name))
  const bars = components.flatMap((component) =>
    outcomes.flatMap((outcome) => {
      const value = (byOutcome[outcome] as ComponentMeans).means[component]
      return value === undefined ? [] : [{ component, outcome, value }]
    }),
  )
  const names = outcomes.map((outcome) => `${outcome} (${byOutcome[outcome]?.n ?? 0})`)
  const values = bars.map(({ value }) => value)
  const without = reward.without.length > 0 ? `, without ${reward.without.join(', ')}` : ''
  return svgFigure((plot) => ({
    width: 860,
    height: 90 + components.length * (outcomes.length * BAR + 8),
    marginLeft: 130,
    marginRight: 60,
    marginTop: 66,
    marginBottom: 40,
    x: {
      label: 'mean',
      domain: [Math.min(0, ...values), Math.max(1, ...values)],
      grid: true,
      nice: true,
    },
    y: { domain: outcomes, axis: null, padding: 0.1 },
    fy: { domain: components, label: null, padding: 0.15, axis: 'left' },
    color: { domain: outcomes, range: outcomes.map((outcome) => COLOURS[outcome] ?? '#1a73e8') },
    marks: [
      plot.barX(bars, { fy: 'component', y: 'outcome', x: 'value', fill: 'outcome' }),
      plot.text(bars, {
        fy: 'component',
        y: 'outcome',
        x: (bar: { value: number }) => Math.max(0, bar.value),
        text: (bar: { value: number }) => bar.value.toFixed(3),
        textAnchor: 'start',
        dx: 4,
        fontSize: 10,
      }),
      plot.ruleX([0]),
      plot.text(
        [
          `Reward ${reward.variant}, analysis ${reward.analysis}${without}: ${head.suite}, ${head.policy.name}`,
        ],
        {
          frameAnchor: 'top-left',
          dx: -118,
          dy: -58,
          fontSize: 14,
          fontWeight: 600,
          facetAnchor: 'top',
        },
      ),
      ...names.map((name, index) =>
        plot.text([name], {
          frameAnchor: 'top-left',
          dx: -118 + 130 * index,
          dy: -34,
          fill: COLOURS[outcomes[index] as Outcome] ?? '#1a73e8',
          fontWeight: 600,
          facetAnchor: 'top',
        }),
      ),
    ],
  }))
}
