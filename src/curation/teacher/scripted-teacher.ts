import { UsageError } from '../../core/errors.js'
import type { Policy, PolicyReply, PolicyRequest } from '../../core/policy.js'
import { writeAnswer, writeCall } from '../../policies/tesseract/write-turn.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { createTrajectoryWriter } from './trajectory-writer.js'

/** Changes whenever the same plan would be played in other words or other code. */
export const SCRIPTED_TEACHER_VERSION = 'grammar-2'

/**
 * A teacher without a model: it plays the plan of a task turn by turn, with reasoning and code from grammars. What has been played is read from the conversation, so the same
 * plan, conversation and epoch always get the same reply, and another epoch writes something else.
 * @param planOf the plan of a task, by its key
 * @throws UsageError from `next`, for a task without a plan
 */
export function createScriptedTeacher({
  planOf,
}: {
  planOf: (taskKey: string) => CurationPlan | undefined
}): Policy {
  return {
    name: 'scripted',
    model: SCRIPTED_TEACHER_VERSION,
    next: (request) =>
      new Promise((resolve) => {
        request.signal.throwIfAborted()
        resolve(writeNext({ plan: planFor({ planOf, request }), request }))
      }),
  }
}

function planFor({
  planOf,
  request: { sample },
}: {
  planOf: (taskKey: string) => CurationPlan | undefined
  request: PolicyRequest
}): CurationPlan {
  const plan = planOf(sample.key)
  if (plan === undefined)
    throw new UsageError(
      `Expected a plan for task ${sample.key}, got none: the scripted teacher plays plans of curation and answers no other task.`,
    )
  return plan
}

function writeNext({ plan, request }: { plan: CurationPlan; request: PolicyRequest }): PolicyReply {
  const turn = createTrajectoryWriter({ plan, request }).next()
  return {
    text: turn.type === 'call' ? writeCall(turn) : writeAnswer(turn),
    toolCalls: [],
    finishReason: 'stop',
    // A program spends no tokens.
    usage: { promptTokens: 0, completionTokens: 0 },
  }
}
