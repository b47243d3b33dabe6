import { OutcomeMark } from '../outcome-mark.js'
import { visibleText } from '../../../core/visible-text.js'
import { credit, TRANSFORM_NAMES } from '../words.js'
import type { Pair } from './pair-runs.js'

/** A pair in two lines: the question, and both answers; `withCredit`: what they earned too. */
export function PairRow({ pair: { a, b }, withCredit }: { pair: Pair; withCredit: boolean }) {
  return (
    <>
      <span class="marks">
        <OutcomeMark ending={a.ending} />
        <span aria-hidden="true">→</span>
        <OutcomeMark ending={b.ending} />
      </span>
      <span class="row-text">
        <span class="question" dir="auto">
          {visibleText(a.question.slice(0, 200)) || '(no question)'}
        </span>
        <span class="facts">
          <bdi class="answer">{answerText(a.answer)}</bdi>
          <span aria-hidden="true">→</span>
          <bdi class="answer">{answerText(b.answer)}</bdi>
          {withCredit && (
            <span class="credit">
              {credit(a.value)} → {credit(b.value)}
            </span>
          )}
          <span>{TRANSFORM_NAMES[a.transform]?.short ?? a.transform}</span>
        </span>
      </span>
    </>
  )
}

function answerText(answer: string | null): string {
  return answer === null ? '–' : visibleText(answer.slice(0, 60))
}
