import { NO_FILTERS, type Facet } from '../samples/filters.js'
import type { RunSource } from '../shell/run-source.js'
import type { Navigate } from '../shell/use-route.js'
import { AccuracyFigure } from './accuracy-figure.js'
import { CategoryFigure } from './category-figure.js'
import { ErrorsFigure } from './errors-figure.js'
import { Headline } from './headline.js'
import { OutcomeFigure } from './outcome-figure.js'
import { RewardsFigure } from './rewards-figure.js'
import { RunFacts } from './run-facts.js'
import { RunsTable } from './runs-table.js'
import { ToolsFigure } from './tools-figure.js'
import { TurnsFigure } from './turns-figure.js'

/** A run as a whole; whatever is counted leads to its samples. */
export function OverviewPage({
  runs,
  run,
  navigate,
}: {
  runs: readonly RunSource[]
  run: RunSource
  navigate: Navigate
}) {
  const { data, rows } = run
  const open = (facet: Facet) => (value: string | number) =>
    navigate({
      view: 'samples',
      sample: null,
      filters: { ...NO_FILTERS, chosen: { ...NO_FILTERS.chosen, [facet]: [String(value)] } },
    })
  return (
    <div class="overview">
      <Headline data={data} />
      {runs.length > 1 && (
        <RunsTable runs={runs} current={run} onOpen={(position) => navigate({ run: position })} />
      )}
      <AccuracyFigure key={run.position} data={data} onTransform={open('transform')} />
      <OutcomeFigure summary={data.summary} onOutcome={open('outcome')} />
      <TurnsFigure rows={rows} onTurns={open('turns')} />
      <ToolsFigure rows={rows} onTool={open('tool')} />
      <ErrorsFigure data={data} onCalls={open('calls')} />
      <CategoryFigure summary={data.summary} onCategory={open('category')} />
      <RewardsFigure rewards={data.rewards} />
      <RunFacts data={data} />
    </div>
  )
}
