import type { PolicyReply } from '../../core/policy.js'
import type { Generation } from '../../models/generate/generate.js'

/** What was sampled, as the reply of a turn; the token that ended it is not part of its text. */
export function turnReply({
  done,
  promptTokens,
  decode,
}: {
  done: Generation
  promptTokens: number
  decode: (ids: readonly number[]) => string
}): PolicyReply {
  const ids = sampledIds(done)
  return {
    text: decode(done.finish === 'stop' ? ids.slice(0, -1) : ids),
    toolCalls: [],
    finishReason: done.finish,
    usage: { promptTokens, completionTokens: ids.length },
  }
}

export function sampledIds({ tokens }: Generation): number[] {
  return tokens.map(({ id }) => id)
}
