import { UsageError } from '../../core/errors.js'
import type { Message } from '../../core/message.js'
import type { Policy } from '../../core/policy.js'
import type { CurationPlan } from '../plan/curation-plan.js'
import { hintNote } from './hint-note.js'

/**
 * Any policy as a teacher (paper, section 3): each request carries a private note of what is known about the task and of what the trajectory is to be. The note is part of the
 * request alone: the conversation that is recorded, and trained on, never holds it.
 * @param planOf the plan of a task, by its key
 * @param rejectedBecause why the last attempt at a task was rejected, in words; null for a first attempt
 * @throws UsageError from `next`, for a task without a plan; else what the policy throws
 */
export function createHintedTeacher({
  policy,
  planOf,
  rejectedBecause = () => null,
}: {
  policy: Policy
  planOf: (taskKey: string) => CurationPlan | undefined
  rejectedBecause?: (taskKey: string) => string | null
}): Policy {
  const { account, check, close } = policy
  return {
    name: policy.name,
    model: policy.model,
    ...(account !== undefined && { account }),
    ...(check !== undefined && { check: (signal?: AbortSignal) => check.call(policy, signal) }),
    ...(close !== undefined && { close: () => close.call(policy) }),
    async next(request) {
      const { key } = request.sample
      const plan = planOf(key)
      if (plan === undefined)
        throw new UsageError(
          `Expected a plan for task ${key}, got none: a hinted teacher is told the plan of each task.`,
        )
      const note = hintNote({ plan, rejectedBecause: rejectedBecause(key) })
      return policy.next({ ...request, messages: withNote({ messages: request.messages, note }) })
    },
  }
}

/** The note goes into the system message, or before everything where there is none: servers take one system message, the first. */
function withNote({ messages, note }: { messages: readonly Message[]; note: string }): Message[] {
  const [first, ...rest] = messages
  if (first?.role !== 'system')
    return [{ role: 'system', content: [{ type: 'text', text: note }] }, ...messages]
  return [{ ...first, content: [...first.content, { type: 'text', text: `\n\n${note}` }] }, ...rest]
}
