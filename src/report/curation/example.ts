import type { ImageRecord } from '../../core/image.js'
import { textOf } from '../../core/message.js'
import type { Sample } from '../../core/sample.js'
import type { Box } from '../../core/transform.js'
import type { Trajectory, TrajectoryCall } from '../../core/trajectory.js'
import { taggedBlocks } from '../../core/tagged-blocks.js'
import { markup, type Html } from '../page/markup.js'

/** A longer thought or error is cut: the viewer shows it whole. */
const LONGEST = 900

/** A trajectory as a strip: the images as given, then turn by turn the thought, the code and what came of it, and the answer. */
export function exampleTrajectory({
  sample,
  hasReport,
}: {
  sample: Sample
  /** Whether the page of all samples lies beside it. */
  hasReport: boolean
}): Html | null {
  const { trajectory, curation, question, transform, key } = sample
  if (trajectory === null || curation === undefined) return null
  const turns = trajectory.messages
    .filter(({ role }) => role === 'assistant')
    .map((message) => textOf(message))
  const calls = new Map(trajectory.calls.map((call) => [call.turn, call]))
  return markup`<article>
    <header>
      <span class="tag">${curation.type}</span>${
        curation.provocation === null ? null : markup`<span class="tag">${curation.provocation}</span>`
      }<span class="soft"
        >${transform} · ${turns.length} ${turns.length === 1 ? 'turn' : 'turns'} ${hasReport ? link(key) : null}</span
      >
      <p class="question">${question}</p>
    </header>
    <div class="steps">
      <div class="step"><span class="name">Given</span>${givenImages({ sample, trajectory })}</div>
      ${turns.map((text, turn) => step({ text, turn, call: calls.get(turn) ?? null, trajectory }))}
    </div>
  </article>`
}

function link(key: string): Html {
  return markup`· <a href="report.html#sample=${encodeURIComponent(key)}">open</a>`
}

function givenImages({ sample, trajectory }: { sample: Sample; trajectory: Trajectory }): Html[] {
  return trajectory.images
    .filter(({ call }) => call === null)
    .map((image, at) => {
      const target = at === 0 ? sample.box : boxOf(sample, at)
      const windows = trajectory.calls
        .filter(({ call }) => rootOf({ trajectory, index: call.imageIndex ?? 0 }) === at)
        .flatMap(({ execution }) => (execution.status === 'ok' ? execution.operations : []))
        .flatMap(({ op, box, verified }) => (op === 'crop' && verified && box !== null ? [box] : []))
      return picture({
        image,
        marks: [
          ...windows.map((box) => ({ kind: 'window', box })),
          ...(target === null ? [] : [{ kind: 'target', box: target }]),
        ],
        caption: `image ${at}, ${image.width} × ${image.height}, as given`,
      })
    })
}

function boxOf({ metadata }: Sample, at: number): readonly number[] | null {
  const boxes: unknown = metadata?.boxes
  const box: unknown = Array.isArray(boxes) ? boxes[at] : null
  return Array.isArray(box) && box.length === 4 ? (box as number[]) : null
}

/** The image of the task that an image was made of. */
function rootOf({ trajectory, index }: { trajectory: Trajectory; index: number }): number {
  const call = trajectory.images[index]?.call ?? null
  const from = call === null ? null : trajectory.calls[call]?.call.imageIndex
  return from === null || from === undefined || from >= index ? index : rootOf({ trajectory, index: from })
}

function step({
  text,
  turn,
  call,
  trajectory,
}: {
  text: string
  turn: number
  call: TrajectoryCall | null
  trajectory: Trajectory
}): Html {
  const block = (name: string): string =>
    taggedBlocks({ text, open: `<${name}>`, close: `</${name}>` })
      .blocks.at(-1)
      ?.trim() ?? ''
  return markup`<div class="step">
    <span class="name">Turn ${turn + 1}</span>
    <p>${cut(block('think'))}</p>
    ${call === null ? markup`<p class="answer">${cut(block('answer'))}</p>` : ran({ call, trajectory })}
  </div>`
}

function ran({
  call: { call, execution },
  trajectory,
}: {
  call: TrajectoryCall
  trajectory: Trajectory
}): Html {
  const code = markup`<pre>${call.code}</pre>`
  if (execution.status === 'error') {
    const { kind, type, message } = execution
    const told = `${kind}${type === null ? '' : `, ${type}`}: ${cut(message)}`
    return markup`${code}<p class="error">${told}</p>`
  }
  const image = trajectory.images[execution.imageIndex]
  if (image === undefined) return code
  return markup`${code}
  ${picture({
    image,
    marks: [],
    caption: `image ${execution.imageIndex}, ${image.width} × ${image.height}, from image ${call.imageIndex ?? 0}`,
  })}`
}

function picture({
  image: { sha256, width, height },
  marks,
  caption,
}: {
  image: ImageRecord
  marks: readonly { kind: string; box: readonly number[] | Box }[]
  caption: string
}): Html {
  return markup`<figure>
    <div class="picture">
      <a href="images/${sha256}.png"
        ><img src="images/${sha256}.png" width="${width}" height="${height}" loading="lazy" alt="${caption}"
      /></a>
      ${
        marks.length === 0
          ? null
          : markup`<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
              ${marks.map(
                ({ kind, box: [left = 0, top = 0, right = 0, bottom = 0] }) =>
                  markup`<rect
                    class="${kind}"
                    x="${left}"
                    y="${top}"
                    width="${right - left}"
                    height="${bottom - top}"
                  />`,
              )}
            </svg>`
      }
    </div>
    <figcaption>${caption}</figcaption>
  </figure>`
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)} …`
}
