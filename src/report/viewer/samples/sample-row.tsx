import type { SampleRow } from '../../report-data.js'
import { OutcomeMark } from '../outcome-mark.js'
import { visibleText } from '../sample/visible-text.js'
import { plural, TRANSFORM_NAMES } from '../words.js'

/** A sample in two lines: the question, and what became of it. */
export function SampleRowView({ row, withEpoch }: { row: SampleRow; withEpoch: boolean }) {
  const { ending, transform, turns, failedCalls, answer } = row
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
          <span>{TRANSFORM_NAMES[transform]?.short ?? transform}</span>
          {turns >= 0 && <span>{plural(turns, 'turn')}</span>}
          {failedCalls > 0 && <span class="errors">{plural(failedCalls, 'error')}</span>}
          {withEpoch && <span>epoch {row.epoch}</span>}
        </span>
      </span>
    </>
  )
}
