import { TRANSFORMS } from '../../../core/transform.js'
import type { Rates, Summary } from '../../../evaluation/summary/summary.js'
import { decimal, plural, TRANSFORM_NAMES } from '../words.js'
import { HeatTable, type HeatCell, type HeatRow } from './heat-table.js'
import { RateRow } from './rate-row.js'
import { TrackTable } from './track-table.js'

/** What several answers to each question tell: pass@k, and each epoch on its own; nothing where every question was asked once. */
export function EpochsFigure({ summary: { overall, byTransform } }: { summary: Summary }) {
  const { byEpoch, passAtK, partial } = overall
  if (byEpoch.length === 0) return null
  const occurring = TRANSFORMS.filter((transform) => byTransform[transform] !== undefined)
  return (
    <section class="figure wide" aria-labelledby="epochs-title">
      <h2 id="epochs-title">{plural(byEpoch.length, 'answer')} to each question</h2>
      <p class="muted">
        pass@k: the chance that at least one of k answers is right, estimated without bias. Bars are 95 %
        intervals over questions.
        {partial !== null && ' Right is an answer with full credit.'}
      </p>
      <div class="halves">
        <TrackTable name="Of k answers" count="tasks" values={['pass@k, %']}>
          {passAtK.map(({ k, tasks, value, interval }) => (
            <RateRow key={k} name={`pass@${k}`} n={tasks} rate={value} interval={interval} />
          ))}
        </TrackTable>
        <TrackTable name="Alone" count="n" values={['Accuracy, %']}>
          {byEpoch.map(({ epoch, n, accuracy }) => (
            <RateRow key={epoch} name={`Epoch ${epoch}`} n={n} rate={accuracy} />
          ))}
        </TrackTable>
      </div>
      {occurring.length > 1 && (
        <>
          <h3>pass@k by transformation, %</h3>
          <HeatTable
            label="pass@k by transformation"
            corner="Applied"
            columns={passAtK.map(({ k }) => ({ name: `pass@${k}` }))}
            rows={[
              ...occurring.map((transform) =>
                rowOf({
                  name: TRANSFORM_NAMES[transform].short,
                  rates: byTransform[transform],
                  sizes: passAtK.map(({ k }) => k),
                }),
              ),
              {
                ...rowOf({ name: 'All', rates: overall, sizes: passAtK.map(({ k }) => k) }),
                isWhole: true,
              },
            ]}
          />
        </>
      )}
    </section>
  )
}

function rowOf({
  name,
  rates,
  sizes,
}: {
  name: string
  rates: Rates | undefined
  sizes: readonly number[]
}): HeatRow {
  return {
    key: name,
    name,
    cells: sizes.map((size): HeatCell | null => {
      const found = rates?.passAtK.find(({ k }) => k === size)
      if (found === undefined) return null
      const { value, interval, tasks } = found
      return {
        share: value,
        text: decimal(100 * value),
        ...(interval !== null && { more: `${decimal(100 * interval[0])}–${decimal(100 * interval[1])}` }),
        title: plural(tasks, 'task'),
      }
    }),
  }
}
