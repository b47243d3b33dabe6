import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import type { Summary } from '../../../evaluation/summary/summary.js'
import { visibleText } from '../../../core/visible-text.js'
import { decimal, integer, percent, plural, TRANSFORM_NAMES } from '../words.js'
import { HeatTable, type HeatCell } from './heat-table.js'
import { RateRow } from './rate-row.js'
import { TrackTable } from './track-table.js'

/** Where the model used tools that no task requires: how often for each transformation, which ones, and what came of it; nothing where it used none, or there is one transformation. */
export function EmergentFigure({
  summary: { overall, byTransform },
  onEmergent,
}: {
  summary: Summary
  onEmergent: (transform: Transform) => void
}) {
  const occurring = TRANSFORMS.filter((transform) => byTransform[transform] !== undefined)
  if (overall.emergent.samples === 0 || occurring.length < 2) return null
  const tools = Object.entries(overall.emergent.byTool)
    .sort(([, a], [, b]) => b.samples - a.samples)
    .map(([tool]) => tool)
  const shareOf = (tool: string, transform: Transform): number => {
    const { n = 0, emergent } = byTransform[transform] ?? {}
    return (emergent?.byTool[tool]?.samples ?? 0) / Math.max(1, n)
  }
  // The deepest ground is that of the tool and transformation with the largest share: most are small.
  const highest = Math.max(...tools.flatMap((tool) => occurring.map((each) => shareOf(tool, each))))
  const cellOf = (tool: string, transform: Transform): HeatCell | null => {
    const rates = byTransform[transform]
    if (rates === undefined || !Object.hasOwn(rates.emergent.byTool, tool)) return null
    const use = rates.emergent.byTool[tool]
    if (use === undefined) return null
    const { samples, accuracy, interval } = use
    return {
      share: shareOf(tool, transform) / highest,
      text: integer(samples),
      more: `${percent(accuracy, 0)} right`,
      ...(interval !== null && {
        title: `${percent(accuracy)} right (${decimal(100 * interval[0])}–${decimal(100 * interval[1])}), in ${plural(samples, 'sample')} of ${integer(rates.n)}`,
      }),
    }
  }
  return (
    <section class="figure wide" aria-labelledby="emergent-title">
      <h2 id="emergent-title">Emergent tools by transformation</h2>
      <p class="muted">
        Samples with a call that worked and used a tool no task requires. Bars are 95 % intervals.
      </p>
      <TrackTable name="Applied" count="n" values={['Samples, %', 'Right, %']}>
        {occurring.map((transform) => {
          const rates = byTransform[transform]
          if (rates === undefined) return null
          return (
            <RateRow
              key={transform}
              name={TRANSFORM_NAMES[transform].short}
              title={TRANSFORM_NAMES[transform].long}
              n={rates.n}
              rate={rates.emergent.rate}
              interval={rates.emergent.rateInterval}
              onOpen={() => onEmergent(transform)}
            >
              <Right accuracy={rates.emergent.accuracy} interval={rates.emergent.interval} />
            </RateRow>
          )
        })}
        <RateRow
          name="All"
          n={overall.n}
          rate={overall.emergent.rate}
          interval={overall.emergent.rateInterval}
          isWhole
        >
          <Right accuracy={overall.emergent.accuracy} interval={overall.emergent.interval} />
        </RateRow>
      </TrackTable>
      <h3>Samples that used each tool</h3>
      <HeatTable
        label="Emergent tools by transformation"
        corner="Tool"
        columns={occurring.map((transform) => ({
          name: TRANSFORM_NAMES[transform].short,
          title: TRANSFORM_NAMES[transform].long,
        }))}
        rows={tools.map((tool) => ({
          key: tool,
          name: <code>{visibleText(tool)}</code>,
          cells: occurring.map((transform) => cellOf(tool, transform)),
        }))}
      />
    </section>
  )
}

/** Of the samples that used one, those with a right answer. */
function Right({
  accuracy,
  interval,
}: {
  accuracy: number | null
  interval: readonly [number, number] | null
}) {
  return (
    <td class="number second">
      {accuracy === null ? '–' : decimal(100 * accuracy)}{' '}
      {interval !== null && (
        <span class="muted interval-text wide-only">
          {decimal(100 * interval[0])}–{decimal(100 * interval[1])}
        </span>
      )}
    </td>
  )
}
