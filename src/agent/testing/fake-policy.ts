import type { Policy, PolicyReply, PolicyRequest } from '../../core/policy.js'

export interface FakePolicy extends Policy {
  /** Everything that was asked of it, in order. */
  readonly requests: PolicyRequest[]
}

/** A policy that gives the next reply of a script (text alone stands for a whole reply), or throws it. */
export function createFakePolicy(
  script: readonly (
    string | Partial<PolicyReply> | Error | ((request: PolicyRequest) => Promise<PolicyReply>)
  )[],
): FakePolicy {
  const requests: PolicyRequest[] = []
  return {
    name: 'fake',
    model: 'script',
    requests,
    async next(request) {
      request.signal.throwIfAborted()
      const reply = script[requests.length]
      requests.push(request)
      await Promise.resolve()
      if (reply === undefined) throw new Error('The script of the fake policy has no further reply.')
      if (reply instanceof Error) throw reply
      if (typeof reply === 'function') return reply(request)
      return {
        text: '',
        toolCalls: [],
        finishReason: 'stop',
        usage: { promptTokens: 100, completionTokens: 10 },
        ...(typeof reply === 'string' ? { text: reply } : reply),
      }
    },
  }
}
