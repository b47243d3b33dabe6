import { NO_FILTERS, type Facet } from '../samples/filters.js'
import type { RunSource } from '../shell/run-source.js'
import type { Navigate } from '../shell/use-route.js'
import { AccuracyFigure } from './accuracy-figure.js'
import { HrBenchFigure } from './benchmark/hr-bench-figure.js'
import { CategoryFigure } from './category-figure.js'
import { CurvesFigure } from './curves-figure.js'
import { EmergentFigure } from './emergent-figure.js'
import { EpochsFigure } from './epochs-figure.js'
import { ErrorsFigure } from './errors-figure.js'
import { Headline } from './headline.js'
import { OutcomeFigure } from './outcome-figure.js'
import { usePaperRows } from './paper-rows.js'
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
  return (
    <div class="overview">
      <Headline data={run.data} />
      {runs.length > 1 && (
        <RunsTable runs={runs} current={run} onOpen={(position) => navigate({ run: position })} />
      )}
      <Figures key={run.position} run={run} navigate={navigate} />
    </div>
  )
}

/** The figures of one run, with the reader's choice of the paper's rows. */
function Figures({ run: { data, rows }, run, navigate }: { run: RunSource; navigate: Navigate }) {
  const { summary } = data
  const paper = usePaperRows(data)
  const open = (chosen: Partial<Record<Facet, string>>): void =>
    navigate({
      ...{ view: 'samples', run: run.position, sample: null },
      filters: {
        ...NO_FILTERS,
        chosen: {
          ...NO_FILTERS.chosen,
          ...Object.fromEntries(Object.entries(chosen).map(([facet, value]) => [facet, [value]])),
        },
      },
    })
  // A training on conversations rolls nothing out.
  if (data.training !== null && rows.length === 0)
    return (
      <>
        <CurvesFigure training={data.training} samples={0} />
        <RunFacts data={data} />
      </>
    )
  return (
    <>
      <CurvesFigure training={data.training} samples={rows.length} />
      <HrBenchFigure summary={summary} paper={paper} />
      <AccuracyFigure summary={summary} paper={paper} onTransform={(transform) => open({ transform })} />
      <EpochsFigure summary={summary} />
      <OutcomeFigure summary={summary} onOutcome={(outcome) => open({ outcome })} />
      <TurnsFigure rows={rows} onTurns={(turns) => open({ turns: String(turns) })} />
      <ToolsFigure rows={rows} onTool={(tool) => open({ tool })} />
      <ErrorsFigure data={data} onCalls={(calls) => open({ calls })} />
      <EmergentFigure summary={summary} onEmergent={(transform) => open({ transform, calls: 'emergent' })} />
      <CategoryFigure summary={summary} onCategory={(category) => open({ category })} />
      <RewardsFigure rewards={data.rewards} />
      <RunFacts data={data} />
    </>
  )
}
