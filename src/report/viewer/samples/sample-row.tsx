import type { SampleRow } from '../../report-data.js'
import { OutcomeMark } from '../outcome-mark.js'
import { visibleText } from '../../../core/visible-text.js'
import { credit, plural, TRANSFORM_NAMES } from '../words.js'

/** A sample in two lines: the question, and what became of it; `withCredit`: what it earned too, where its sign does not say that. */
export function SampleRowView({
  row,
  withEpoch,
  withCredit,
}: {
  row: SampleRow
  withEpoch: boolean
  withCredit: boolean
}) {
  const { ending, transform, turns, failedCalls, answer, value } = row
  return (
    <>
      <OutcomeMark ending={ending} />
      <span class="row-text">
        <span class="question" dir="auto">
          {visibleText(row.question.slice(0, 200)) || '(no question)'}
        </span>
        <span class="facts">
          <span class="answer" dir="auto">
            {answer === null ? '–' : visibleText(answer.slice(0, 80))}
          </span>
          {withCredit && value !== null && value > 0 && value < 1 && <span>credit {credit(value)}</span>}
          <span>{TRANSFORM_NAMES[transform]?.short ?? transform}</span>
          {turns >= 0 && <span>{plural(turns, 'turn')}</span>}
          {failedCalls > 0 && <span class="errors">{plural(failedCalls, 'error')}</span>}
          {withEpoch && <span>epoch {row.epoch}</span>}
        </span>
      </span>
    </>
  )
}
