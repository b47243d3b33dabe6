import { gather, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { Decoder, DecoderInput } from '../decode/decoder.js'
import { findDecoder } from '../decode/find-decoder.js'
import type { VisionLanguageModel } from '../open-model.js'
import { logitsOf, runModel, type SequenceInput } from '../run-model.js'
import type { Conversation } from './conversation.js'

/** More new tokens than this are computed faster by tensor operations, which have a fixed cost. */
const MOST_DECODED = 64

/**
 * One step of several conversations together: compute what was added to each and give the scores of its next token, [vocabularySize] each. Images and long additions are computed by tensor
 * operations, what goes on by a few tokens by the decoder, where there is one.
 * @throws RangeError when a conversation has nothing that was not computed yet.
 */
export async function nextScores({
  model,
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
  const decoder = findDecoder(model)
  const decoded: DecoderInput[] = []
  const others: SequenceInput[] = []
  const isDecoded = sequences.map((input) => {
    const short = decoder === null ? null : shortInput({ input, decoder })
    if (short === null) others.push(input)
    else decoded.push(short)
    return short !== null
  })
  const tensorScores = others.length === 0 ? [] : await scoresByTensors({ model, sequences: others })
  const decoderScores = decoded.length === 0 ? [] : (decoder?.scores(decoded) ?? [])
  const [fromTensors, fromDecoder] = [tensorScores.values(), decoderScores.values()]
  return isDecoded.flatMap((short) => (short ? fromDecoder : fromTensors).next().value ?? [])
}

function shortInput({ input, decoder }: { input: SequenceInput; decoder: Decoder }): DecoderInput | null {
  const { cache, images, ids } = input
  if (cache === undefined || images.length > 0 || ids.length > MOST_DECODED) return null
  return decoder.owns(cache) ? { ...input, cache } : null
}

async function scoresByTensors({
  model: { config, weights },
  sequences,
}: {
  model: Pick<VisionLanguageModel, 'config' | 'weights'>
  sequences: readonly SequenceInput[]
}): Promise<Float32Array[]> {
  const logits = tidy(() => {
    const hidden = runModel({ sequences, config, weights })
    let row = -1
    const last = sequences.map(({ ids }) => (row += ids.length))
    return logitsOf({ hidden: gather(hidden, tensor1d(last, 'int32')), config, weights })
  })
  const values = (await logits.data()) as Float32Array
  logits.dispose()
  const { vocabularySize } = config.text
  return sequences.map((_, at) => values.subarray(at * vocabularySize, (at + 1) * vocabularySize))
}
