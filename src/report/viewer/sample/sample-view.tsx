import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { SampleDetail, SampleRow } from '../../report-data.js'
import { textOf } from '../../../core/message.js'
import { OutcomeMark } from '../outcome-mark.js'
import { PlainText } from '../plain-text.js'
import type { RunSource } from '../shell/run-source.js'
import { duration, integer, TRANSFORM_NAMES } from '../words.js'
import { geometryOf } from './call-geometry.js'
import { ImageView } from './image-view.js'
import { LongText } from './long-text.js'
import { RewardView } from './reward-view.js'
import { ScoreView } from './score-view.js'
import { TurnView, targetOn } from './turn-view.js'
import { turnsOf, type Turn } from './turns-of.js'

/** A whole sample: the question and its verdict, then turn by turn how it came about. */
export function SampleView({
  run,
  row,
  sample,
  turn,
  onTurn,
}: {
  run: RunSource
  row: SampleRow
  sample: SampleDetail
  turn: number
  onTurn: (turn: number) => void
}) {
  const { trajectory } = sample
  const turns = useMemo(() => turnsOf(trajectory), [trajectory])
  const geometry = useMemo(() => geometryOf(trajectory ?? { images: [], calls: [] }), [trajectory])
  const root = useRef<HTMLDivElement>(null)
  const isFirst = useRef(true)
  useEffect(() => {
    // The first turn stands below the question, which is what a reader wants to see first.
    if (!isFirst.current || turn > 0)
      root.current?.querySelector(`[data-turn="${turn}"]`)?.scrollIntoView({ block: 'start' })
    isFirst.current = false
  }, [turn])
  const taskImages = (trajectory?.images ?? []).flatMap((image, index) =>
    image.call === null ? [{ image, index }] : [],
  )
  return (
    <div class="sample" ref={root}>
      <header class="sample-head">
        <p class="sample-facts">
          <OutcomeMark ending={row.ending} withName />
          <span title={TRANSFORM_NAMES[sample.transform]?.long}>
            {TRANSFORM_NAMES[sample.transform]?.short ?? sample.transform}
          </span>
          {row.category !== null && <PlainText text={row.category} />}
          <span class="muted">
            <PlainText text={row.id} />
          </span>
        </p>
        <h2>
          <LongText text={sample.question} class="question-text" />
        </h2>
        {sample.options !== undefined && (
          <ol class="options" type="A">
            {sample.options.map((option, index) => (
              <li key={index}>
                <LongText text={option} />
              </li>
            ))}
          </ol>
        )}
      </header>
      <div class="opening">
        <ScoreView sample={sample} row={row} />
        <div class="task-images">
          {taskImages.map(({ image, index }) => (
            <ImageView
              key={index}
              image={image}
              imageAddress={run.imageAddress}
              caption={`Image ${index}, as given`}
              overlays={targetOn({ sample, geometry, image: index })}
            />
          ))}
        </div>
      </div>
      {turns.length > 0 && <Steps turns={turns} turn={turn} onTurn={onTurn} />}
      {turns.map((each) => (
        <TurnView
          key={each.index}
          turn={each}
          sample={sample}
          geometry={geometry}
          isCurrent={each.index === turn}
          isLast={each.index === turns.length - 1}
          imageAddress={run.imageAddress}
        />
      ))}
      <RewardView sample={sample} />
      <Facts sample={sample} />
    </div>
  )
}

function Steps({
  turns,
  turn,
  onTurn,
}: {
  turns: readonly Turn[]
  turn: number
  onTurn: (turn: number) => void
}) {
  return (
    <nav class="steps" aria-label="Turns">
      {turns.map(({ index, calls }) => {
        const failed = calls.some(({ execution }) => execution.status === 'error')
        const name = `Turn ${index + 1}${failed ? ', with an error' : ''}${calls.length === 0 ? ', no call' : ''}`
        return (
          <button
            key={index}
            type="button"
            class={failed ? 'step failed' : 'step'}
            aria-label={name}
            aria-current={index === turn ? 'step' : undefined}
            title={name}
            onClick={() => onTurn(index)}
          >
            {index + 1}
            {failed && <span aria-hidden="true"> ✕</span>}
          </button>
        )
      })}
    </nav>
  )
}

function Facts({ sample }: { sample: SampleDetail }) {
  const { trajectory, timings, attempts, metadata, requiredTools, error } = sample
  const system = trajectory?.messages.find(({ role }) => role === 'system')
  const facts: [name: string, value: string][] = [
    ['Time', duration(timings.totalMs)],
    ['Model time', duration(timings.modelMs)],
    ['Sandbox time', duration(timings.sandboxMs)],
    ['Judge time', duration(timings.judgeMs)],
    ['Tokens read', integer(trajectory?.usage.promptTokens ?? 0)],
    ['Tokens written', integer(trajectory?.usage.completionTokens ?? 0)],
    ['Ended by', trajectory?.stop ?? 'no end'],
    ['Attempts', String(attempts)],
    ['Calls unread', String(trajectory?.malformedCalls ?? 0)],
    ['Required tools', requiredTools === null ? 'not said' : requiredTools.join(', ') || 'none'],
  ]
  return (
    <section class="block" aria-label="Further facts">
      {error !== null && (
        <div class="failure">
          <p>
            <span class="tag warn">
              <PlainText text={error.name} />
            </span>
          </p>
          <LongText text={error.message} class="text mono" />
        </div>
      )}
      <dl class="facts-list">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <PlainText text={value} />
            </dd>
          </div>
        ))}
      </dl>
      {system !== undefined && (
        <details class="raw">
          <summary>What the model was told first</summary>
          <LongText text={textOf(system)} class="text mono" />
        </details>
      )}
      {metadata !== undefined && (
        <details class="raw">
          <summary>Further columns of the row</summary>
          <LongText text={JSON.stringify(metadata, null, 2)} class="text mono" />
        </details>
      )}
      <p class="muted key-line">
        Key{' '}
        <code>
          <PlainText text={sample.key} />
        </code>
      </p>
    </section>
  )
}
