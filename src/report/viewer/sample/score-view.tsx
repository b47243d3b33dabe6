import type { Score } from '../../../core/sample.js'
import type { SampleDetail, SampleRow } from '../../report-data.js'
import { OutcomeMark } from '../outcome-mark.js'
import { PlainText } from '../plain-text.js'
import { decimal } from '../words.js'
import { LongText } from './long-text.js'

/** What was answered, what would have been accepted, and who decided so. */
export function ScoreView({ sample, row }: { sample: SampleDetail; row: SampleRow }) {
  const scores = Object.values(sample.scores)
  return (
    <section class={`score ${row.ending}`} aria-label="Answer and score">
      {scores.length === 0 && (
        <div class="pair">
          <span class="label">Answer</span>
          <p class="muted">
            none: <PlainText text={sample.error?.message ?? 'the rollout did not end'} most={300} />
          </p>
        </div>
      )}
      {scores.map((score) => (
        <ScoreOf key={score.profile} score={score} />
      ))}
      <div class="pair">
        <span class="label">Accepted</span>
        <div class="accepted">
          {sample.answers.map((answer, index) => (
            <LongText key={index} text={answer} class="text accepted-answer" />
          ))}
        </div>
      </div>
      {sample.derived.scores.map(([profile, { outcome, score }]) => (
        <div class="pair" key={profile}>
          <span class="label">Under {profile}</span>
          <div>
            <OutcomeMark ending={outcome} withName /> {score !== null && <Rule score={score} />}
          </div>
        </div>
      ))}
    </section>
  )
}

function ScoreOf({ score }: { score: Score }) {
  return (
    <>
      <div class="pair">
        <span class="label">Answer</span>
        {score.answer === null ? (
          <p class="muted">none was found</p>
        ) : (
          <LongText text={score.answer} class="text given-answer" />
        )}
      </div>
      <div class="pair">
        <span class="label">Decided by</span>
        <div>
          <Rule score={score} />
        </div>
      </div>
    </>
  )
}

function Rule({ score: { profile, rule, value, judge } }: { score: Score }) {
  return (
    <>
      <code>
        <PlainText text={rule} />
      </code>{' '}
      <span class="muted">({profile})</span>
      {value !== undefined && <span> {decimal(value, 3)} of 1</span>}
      {judge !== null && (
        <details class="raw">
          <summary>
            Judge {judge.model}
            {judge.reading === undefined ? '' : `, read as “${judge.reading}”`}
          </summary>
          <span class="label">Asked</span>
          <LongText text={judge.prompt} class="text mono" />
          <span class="label">Said</span>
          <LongText text={judge.response} class="text mono" />
        </details>
      )}
    </>
  )
}
