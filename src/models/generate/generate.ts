import type { VisionLanguageModel } from '../open-model.js'
import { chooseToken, type ChosenToken, type Sampling } from './choose-token.js'
import type { Conversation } from './conversation.js'
import { nextScores } from './next-scores.js'

/** One conversation that is to be continued. */
export interface GenerationRequest {
  readonly conversation: Conversation
  readonly sampling: Sampling
  /** Numbers in [0, 1), of this conversation alone, so that what it is given does not depend on its neighbours. */
  readonly random: () => number
  readonly maxTokens: number
  /** Tokens that end the turn; they are part of what was generated. */
  readonly stopIds: ReadonlySet<number>
}

export interface Generation {
  readonly tokens: readonly ChosenToken[]
  readonly finish: 'stop' | 'length'
}

/**
 * Continue several conversations at once, whatever their lengths and images, until each has ended. Tokens that were generated stand in the conversations.
 * @throws AbortError when the signal fires, between two tokens.
 */
export async function generate({
  model,
  requests,
  signal,
}: {
  model: Pick<VisionLanguageModel, 'config' | 'weights'>
  requests: readonly GenerationRequest[]
  signal?: AbortSignal
}): Promise<Generation[]> {
  const barred = new Set([model.config.tokens.imagePad])
  const tokens = requests.map((): ChosenToken[] => [])
  const finish = requests.map((): Generation['finish'] | null => null)
  for (;;) {
    signal?.throwIfAborted()
    const active = requests.flatMap((request, at) => (finish[at] === null ? [{ request, at }] : []))
    if (active.length === 0) break
    const scores = await nextScores({
      model,
      conversations: active.map(({ request }) => request.conversation),
    })
    for (const [row, { request, at }] of active.entries()) {
      const { conversation, sampling, random, maxTokens, stopIds } = request
      const logits = scores[row] ?? new Float32Array()
      const chosen = chooseToken({ logits, sampling, random, barred })
      const own = tokens[at] ?? []
      own.push(chosen)
      conversation.add({ ids: [chosen.id] })
      if (stopIds.has(chosen.id)) finish[at] = 'stop'
      else if (own.length >= maxTokens) finish[at] = 'length'
    }
  }
  return tokens.map((own, at) => ({ tokens: own, finish: finish[at] ?? 'length' }))
}
