import { TRANSFORMS, type Transform } from '../../../../core/transform.js'
import type { BenchmarkFigures } from '../../../../evaluation/summary/benchmark-figures.js'
import { PlainText } from '../../plain-text.js'
import { decimal, integer, percent, plural, TRANSFORM_NAMES } from '../../words.js'
import { HeatTable, type HeatCell, type HeatRow } from '../heat-table.js'
import { PaperMark } from '../paper-mark.js'
import type { PaperRows } from '../paper-rows.js'

type TypedFigures = Exclude<BenchmarkFigures, { kind: 'hrbench' }>

/** What OCRBench and ChartQAPro report of themselves: all questions and each type of them, transformation by transformation, beside the paper's rows. */
export function TypesTable({
  benchmark,
  average,
  paper,
}: {
  benchmark: TypedFigures
  /** Mean over the six transformations, from 0 to 1; null where one of them is missing. */
  average: number | null
  paper: PaperRows
}) {
  const isPoints = benchmark.kind === 'ocrbench'
  const occurring = TRANSFORMS.filter((transform) => benchmark.byTransform[transform] !== undefined)
  const figures = occurring.map((transform) => figuresOf(benchmark, transform))
  const types = [...new Set(figures.flatMap(({ byType }) => [...byType.keys()]))].sort()
  const withAverage = average !== null
  const row = (key: string, name: HeatRow['name'], own: readonly (Figure | undefined)[]): HeatRow => ({
    key,
    name,
    cells: [
      ...own.map((figure) => (figure === undefined ? null : cellOf({ ...figure, isPoints }))),
      ...(withAverage ? [averageCell(own)] : []),
    ],
  })
  return (
    <>
      <h3>{isPoints ? 'OCRBench score' : 'ChartQAPro credit'} by type of question</h3>
      <p class="muted">
        {isPoints
          ? 'Questions answered right; the benchmark reports their sum.'
          : 'Mean credit in percent; the benchmark reports that of all questions alike.'}
      </p>
      <HeatTable
        label={isPoints ? 'OCRBench score' : 'ChartQAPro credit'}
        corner="Type"
        columns={[
          ...occurring.map((transform) => ({
            name: TRANSFORM_NAMES[transform].short,
            title: TRANSFORM_NAMES[transform].long,
          })),
          ...(withAverage ? [{ name: 'Average', title: 'Mean over the transformations' }] : []),
        ]}
        rows={[
          {
            ...row(
              'all',
              isPoints ? 'Sum' : 'All types',
              figures.map(({ all }) => all),
            ),
            isWhole: true,
          },
          ...paperRows({ paper, occurring, withAverage }),
          ...types.map((type) =>
            row(
              `type ${type}`,
              <TypeName type={type} counts={figures.map(({ byType }) => byType.get(type)?.of)} />,
              figures.map(({ byType }) => byType.get(type)),
            ),
          ),
        ]}
      />
    </>
  )
}

/** What some questions earned together. */
interface Figure {
  earned: number
  of: number
}

function figuresOf(
  benchmark: TypedFigures,
  transform: Transform,
): { all: Figure | undefined; byType: Map<string, Figure> } {
  if (benchmark.kind === 'ocrbench') {
    const own = benchmark.byTransform[transform]
    const entries = Object.entries(own?.byCategory ?? {})
    return {
      all: own && { earned: own.score, of: own.of },
      byType: new Map(entries.map(([type, { score, of }]) => [type, { earned: score, of }])),
    }
  }
  const own = benchmark.byTransform[transform]
  return {
    all: own && { earned: own.mean * own.n, of: own.n },
    byType: new Map(
      Object.entries(own?.byType ?? {}).map(([type, { n, mean }]) => [type, { earned: mean * n, of: n }]),
    ),
  }
}

function cellOf({ earned, of, isPoints }: Figure & { isPoints: boolean }): HeatCell {
  const share = earned / of
  return isPoints
    ? { share, text: integer(earned), more: percent(share), title: `${integer(earned)} of ${integer(of)}` }
    : { share, text: decimal(100 * share), title: plural(of, 'question') }
}

function averageCell(own: readonly (Figure | undefined)[]): HeatCell | null {
  const shares = own.flatMap((figure) => (figure === undefined ? [] : [figure.earned / figure.of]))
  if (shares.length < TRANSFORMS.length) return null
  const share = shares.reduce((sum, one) => sum + one, 0) / shares.length
  return { share, text: decimal(100 * share) }
}

function paperRows({
  paper: { rows, shown },
  occurring,
  withAverage,
}: {
  paper: PaperRows
  occurring: readonly Transform[]
  withAverage: boolean
}): HeatRow[] {
  return shown.flatMap((place) => {
    const row = rows[place]
    if (row === undefined) return []
    const columns = [...occurring, ...(withAverage ? ['overall'] : [])]
    return [
      {
        key: `paper ${place}`,
        name: (
          <span class="paper-name">
            <svg width="14" height="14" aria-hidden="true">
              <PaperMark place={place} x="7" y={7} />
            </svg>
            <span>
              {row.model} <span class="muted">in the paper, %</span>
            </span>
          </span>
        ),
        cells: columns.map((column) => {
          const value = row.accuracy[column]
          return value === undefined ? null : { share: null, text: decimal(value) }
        }),
      },
    ]
  })
}

/** The type, and of how many questions where all transformations have as many. */
function TypeName({ type, counts }: { type: string; counts: readonly (number | undefined)[] }) {
  const [first] = counts
  return (
    <>
      <PlainText text={type} most={40} />
      {first !== undefined && counts.every((count) => count === first) && (
        <span class="muted"> of {integer(first)}</span>
      )}
    </>
  )
}
