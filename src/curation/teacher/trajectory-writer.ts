import type { PolicyRequest } from '../../core/policy.js'
import { createRandom, type Random } from '../../data/demo/random.js'
import type { CodeStep } from '../../policies/tesseract/code-steps.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { planCall, type PlannedCall } from './plan-call.js'
import { readProgress, type Progress } from './read-progress.js'
import { saysAnswer } from './says-answer.js'
import { thinkOfCall } from './think-of-call.js'
import { turnSlots } from './turn-slots.js'
import { answerThought } from './words/answer-thought.js'
import { readQuestion, type Asked } from './words/asked.js'
import { MANNERS, type Manner } from './words/compose.js'
import { deedsOf } from './words/deeds.js'
import { expand, upperFirst } from './words/expand.js'

export type WrittenTurn = ({ type: 'call' } & CodeStep) | { type: 'answer'; thought: string; answer: string }

/** What is the same in all turns of a trajectory. */
export interface TurnContext {
  plan: CurationPlan
  request: PolicyRequest
  progress: Progress
  asked: Asked
  manner: Manner
  /** All choices of the trajectory follow from it. */
  seed: string
}

/** A thought that gives the answer away too early is written again so often. */
const TRIES = 12

export function createTrajectoryWriter({ plan, request }: { plan: CurationPlan; request: PolicyRequest }): {
  next(): WrittenTurn
} {
  const seed = `${plan.seed}/${request.sample.epoch}`
  const context: TurnContext = {
    plan,
    request,
    progress: readProgress({ plan, messages: request.messages }),
    asked: readQuestion(plan.question),
    manner: createRandom({ seed: `${seed}/manner` }).pick(MANNERS),
    seed,
  }
  const { next } = context.progress
  return {
    next: () =>
      next === null || request.tools.length === 0
        ? writeConclusion(context)
        : writeMove({ context, call: planCall({ ...context, move: next }) }),
  }
}

function writeMove({ context, call }: { context: TurnContext; call: PlannedCall }): WrittenTurn {
  const { plan, seed, progress } = context
  const turn = `${seed}/turn/${progress.played.length}`
  const { code, imageIndex, notes } = call
  let thought = ''
  for (let tried = 0; tried < TRIES; tried++) {
    const random = createRandom({ seed: `${turn}/thought/${tried}` })
    thought = thinkOfCall({ context, call, notes, random })
    if (!saysAnswer({ text: thought, plan })) break
  }
  const description = describeCall({ context, call, random: createRandom({ seed: `${turn}/description` }) })
  return { type: 'call', thought, description, code, imageIndex }
}

const PURPOSES = [
  '$deeds',
  '$deeds',
  '$deeds to {read|see} $short',
  '$deeds so that $short can be {read|seen}',
  '{For a better view|To see more}: $deeds',
]

function describeCall({
  context,
  call: { operations, inputSize, deeds },
  random,
}: {
  context: TurnContext
  call: PlannedCall
  random: Random
}): string {
  const template = random.pick(PURPOSES).replace('$deeds', deeds ?? deedsOf({ operations, size: inputSize }))
  const slots = { img: random.pick(['the image', 'the picture', 'it']), short: context.asked.short }
  return upperFirst(expand({ template, slots, random }))
}

function writeConclusion(context: TurnContext): WrittenTurn {
  const { plan, seed, progress, manner, asked } = context
  const random = createRandom({ seed: `${seed}/answer` })
  const last = progress.played.at(-1)
  const step = plan.steps.at(-1)
  const thought = answerThought({
    made:
      plan.steps.length === 0
        ? 'none'
        : last?.observation.status === 'ok'
          ? (step?.operations ?? [])
          : 'failed',
    kind: asked.kind,
    manner,
    slots: turnSlots({ context, random }),
    random,
  })
  return { type: 'answer', thought, answer: plan.answer }
}
