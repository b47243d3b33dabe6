import type { SampleDetail } from '../../report-data.js'
import type { TrajectoryCall } from '../../../core/trajectory.js'
import { duration } from '../words.js'
import { inputOf, type Geometry } from './call-geometry.js'
import { CallResult } from './call-result.js'
import { CodeView } from './code-view.js'
import { ImageView, type Overlay } from './image-view.js'
import { LongText } from './long-text.js'
import type { Turn } from './turns-of.js'
import { visibleText } from '../../../core/visible-text.js'

/** One turn: what was thought and run on one side, what was seen on the other. */
export function TurnView({
  turn,
  sample,
  geometry,
  isCurrent,
  isLast,
  imageAddress,
}: {
  turn: Turn
  sample: SampleDetail
  geometry: Geometry
  isCurrent: boolean
  isLast: boolean
  imageAddress: (sha256: string) => string | null
}) {
  const isAnswer = isLast && turn.calls.length === 0
  const failed = turn.calls.some(({ execution }) => execution.status === 'error')
  return (
    <article
      data-turn={turn.index}
      class={`turn${isCurrent ? ' current' : ''}${failed ? ' failed' : ''}`}
      aria-label={`Turn ${turn.index + 1}`}
    >
      <h3>
        <span class="turn-number">{turn.index + 1}</span>
        <span class="turn-title">
          <Title turn={turn} isAnswer={isAnswer} />
        </span>
        {turn.calls.map(({ execution }, index) => (
          <span key={index} class="muted">
            {duration(execution.durationMs)}
          </span>
        ))}
      </h3>
      <div class="turn-body">
        <div class="turn-text">
          {turn.parts.map(({ kind, text, isOpen }, index) => {
            if (kind === 'call') return turn.calls.length > 0 ? null : <Unread key={index} text={text} />
            return (
              <div key={index} class={`part ${kind}`}>
                <span class="label">{LABELS[kind]}</span>
                <LongText text={text} />
                {isOpen && <span class="tag warn">not closed</span>}
              </div>
            )
          })}
          {turn.calls.length === 0 &&
            turn.nativeCalls.map(({ name, arguments: given }, index) => (
              <Unread key={index} text={`${name} ${given}`} />
            ))}
          {turn.calls.map((call, index) => (
            <div key={index} class="call">
              <CodeView
                code={call.call.code}
                failedLine={call.execution.status === 'error' ? call.execution.line : null}
              />
              <CallResult execution={call.execution} />
            </div>
          ))}
          <details class="raw">
            <summary>As it was written{turn.feedback === '' ? '' : ', and what came back'}</summary>
            <LongText text={turn.text} class="text mono" />
            {turn.nativeCalls.map(({ name, arguments: given }, index) => (
              <LongText key={index} text={`${name} ${given}`} class="text mono" />
            ))}
            {turn.feedback !== '' && <LongText text={turn.feedback} class="text mono came-back" />}
          </details>
        </div>
        {turn.calls.length > 0 && (
          <div class="turn-images">
            {turn.calls.map((call, index) => (
              <CallImages
                key={index}
                call={call}
                sample={sample}
                geometry={geometry}
                imageAddress={imageAddress}
              />
            ))}
          </div>
        )}
      </div>
    </article>
  )
}

const LABELS = { thought: 'Thought', answer: 'Answer', text: 'Text', call: 'Call' } as const

function Title({ turn, isAnswer }: { turn: Turn; isAnswer: boolean }) {
  const [first] = turn.calls
  if (first?.call.description !== undefined && first.call.description !== '')
    return <bdi>{visibleText(first.call.description.slice(0, 200))}</bdi>
  if (first !== undefined) return <>Python over image {inputOf(first)}</>
  return <>{isAnswer ? 'Answer' : 'No call'}</>
}

function Unread({ text }: { text: string }) {
  return (
    <div class="part unread">
      <span class="label">A call that was not run</span>
      <LongText text={text} class="text mono" />
    </div>
  )
}

function CallImages({
  call,
  sample,
  geometry,
  imageAddress,
}: {
  call: TrajectoryCall
  sample: SampleDetail
  geometry: Geometry
  imageAddress: (sha256: string) => string | null
}) {
  const input = inputOf(call)
  const images = sample.trajectory?.images ?? []
  const before = images[input]
  const after = call.execution.status === 'ok' ? images[call.execution.imageIndex] : undefined
  const region = geometry.regionOf(call)
  const crop: Overlay[] =
    region === null
      ? []
      : [
          {
            kind: 'crop',
            outline: region.outline,
            note: region.isVerified ? 'shown next' : 'shown next, by the code’s word',
          },
        ]
  return (
    <div class="before-after">
      {before !== undefined && (
        <ImageView
          image={before}
          imageAddress={imageAddress}
          caption={`Image ${input}, before`}
          overlays={[...targetOn({ sample, geometry, image: input }), ...crop]}
        />
      )}
      {after !== undefined && call.execution.status === 'ok' && (
        <ImageView
          image={after}
          imageAddress={imageAddress}
          caption={`Image ${call.execution.imageIndex}, after${call.execution.unchanged ? ' (the same pixels)' : ''}`}
          overlays={targetOn({ sample, geometry, image: call.execution.imageIndex })}
        />
      )}
    </div>
  )
}

/** The box that holds the evidence, where it can be told where it lies in an image. */
export function targetOn({
  sample: { box },
  geometry,
  image,
}: {
  sample: Pick<SampleDetail, 'box'>
  geometry: Geometry
  image: number
}): Overlay[] {
  const [left, top, right, bottom] = box ?? []
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return []
  const outline = geometry.place([left, top, right, bottom], image)
  return outline === null ? [] : [{ kind: 'target', outline, note: 'target' }]
}
