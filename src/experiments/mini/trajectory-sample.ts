import { executionFeedback } from '../../agent/feedback.js'
import { openingMessages } from '../../agent/opening-messages.js'
import type { Execution } from '../../core/execution.js'
import type { Message } from '../../core/message.js'
import type { BoardTask } from '../../data/card-board/board-task.js'
import type { Random } from '../../data/demo/random.js'
import type { PixelImage } from '../../data/transforms/transform-pixels.js'
import type { MiniSample } from './mini-sample.js'
import type { Mistake } from './mistakes.js'
import { answerTurn, callTurn, LOOKS, readText, TOOLS_PROMPT } from './phrases.js'
import { planSteps, type Step } from './plan-steps.js'
import { viewImage, type ViewBounds } from './view-image.js'

/**
 * A whole trajectory over a board: each turn a thought that names what it does and a call, with the result as the sandbox returns it, and at last the answer. The messages are those of a
 * rollout with robust parsing and standard feedback.
 */
export async function trajectorySample({
  board,
  mistake,
  zooms,
  learned,
  random,
  view,
}: {
  board: BoardTask
  mistake: Mistake | null
  /** How often it looks closer at the card before it answers; a small number takes one look. */
  zooms: number
  /** Which turns are learned: all, all but the one that makes the mistake, or only the answer. */
  learned: 'all' | 'all but mistakes' | 'answer'
  random: Random
  view: ViewBounds
}): Promise<MiniSample> {
  const given = await board.given()
  const steps = await planSteps({ board, mistake, zooms, random })
  const messages: Message<PixelImage>[] = openingMessages({
    prompt: TOOLS_PROMPT,
    question: board.question,
    images: [viewImage({ image: given, view })],
    sizes: [given],
    tools: 'offered',
    feedback: 'standard',
  })
  let images = 1
  for (const step of steps) {
    messages.push({ role: 'assistant', content: [{ type: 'text', text: callTurn(step) }] })
    messages.push(resultMessage({ step, imageIndex: images, view }))
    if (step.outcome.status === 'ok') images++
  }
  messages.push({
    role: 'assistant',
    content: [
      { type: 'text', text: lastTurn({ board, isCropped: steps.some(({ kind }) => kind === 'zoom') }) },
    ],
  })
  return {
    task: learned === 'answer' ? 'reading' : 'trajectory',
    board,
    messages,
    turns: [
      ...steps.map(({ kind }) => ({
        kind,
        isLearned: learned === 'all' || (learned === 'all but mistakes' && kind !== 'mistake'),
      })),
      { kind: 'answer', isLearned: true },
    ],
    calls: steps.map(({ call, outcome }) => ({ call, outcome })),
  }
}

/** A number that is read in place comes with a word about the picture. */
function lastTurn({ board, isCropped }: { board: BoardTask; isCropped: boolean }): string {
  const { asked } = board.plan
  const read = readText(asked)
  return answerTurn({ thought: isCropped ? read : `${LOOKS.none}. ${read}`, answer: asked.number })
}

function resultMessage({
  step: { call, outcome },
  imageIndex,
  view,
}: {
  step: Step
  /** Of the image that a call leaves. */
  imageIndex: number
  view: ViewBounds
}): Message<PixelImage> {
  const execution: Execution<PixelImage> =
    outcome.status === 'error'
      ? outcome.execution
      : {
          status: 'ok',
          image: outcome.image,
          unchanged: false,
          imageIndex,
          stdout: '',
          operations: [],
          durationMs: 0,
        }
  const text = executionFeedback({ call, execution, note: null, style: 'standard' })
  const told: Message<PixelImage> = { role: 'tool', content: [{ type: 'text', text }] }
  if (outcome.status === 'ok')
    told.content.unshift({
      type: 'image',
      index: imageIndex,
      image: viewImage({ image: outcome.image, view }),
    })
  return told
}
