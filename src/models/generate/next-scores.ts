import { gather, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { VisionLanguageModel } from '../open-model.js'
import { logitsOf, runModel } from '../run-model.js'
import type { Conversation } from './conversation.js'

/**
 * One step of several conversations together: compute what was added to each and give the scores of its next token, [vocabularySize] each.
 * @throws RangeError when a conversation has nothing that was not computed yet.
 */
export async function nextScores({
  model: { config, weights },
  conversations,
}: {
  model: Pick<VisionLanguageModel, 'config' | 'weights'>
  conversations: readonly Conversation[]
}): Promise<Float32Array[]> {
  const sequences = conversations.map((conversation) => {
    const input = conversation.take()
    if (input === null)
      throw new RangeError('expected a conversation with tokens to go on from, got one without')
    return input
  })
  const logits = tidy(() => {
    const hidden = runModel({ sequences, config, weights })
    let row = -1
    const last = sequences.map(({ ids }) => (row += ids.length))
    return logitsOf({ hidden: gather(hidden, tensor1d(last, 'int32')), config, weights })
  })
  const values = (await logits.data()) as Float32Array
  logits.dispose()
  const { vocabularySize } = config.text
  return sequences.map((_, at) => values.slice(at * vocabularySize, (at + 1) * vocabularySize))
}
