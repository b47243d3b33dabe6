import { OutcomeMark } from '../outcome-mark.js'
import { visibleText } from '../sample/visible-text.js'
import { TRANSFORM_NAMES } from '../words.js'
import type { Pair } from './pair-runs.js'

/** A pair in two lines: the question, and both answers. */
export function PairRow({ pair: { a, b } }: { pair: Pair }) {
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
          <span>{TRANSFORM_NAMES[a.transform]?.short ?? a.transform}</span>
        </span>
      </span>
    </>
  )
}

function answerText(answer: string | null): string {
  return answer === null ? '–' : visibleText(answer.slice(0, 60))
}
