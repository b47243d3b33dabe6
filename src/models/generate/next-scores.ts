import { gather, tensor1d, tidy } from '@tensorflow/tfjs-core'
import type { Decoder, DecoderInput } from '../decode/decoder.js'
import { findDecoder } from '../decode/find-decoder.js'
import type { VisionLanguageModel } from '../open-model.js'
import { logitsOf, runModel, type SequenceInput } from '../run-model.js'
import type { Conversation } from './conversation.js'
import { isSameBeginning } from './is-same-beginning.js'

/** More new tokens than this are computed faster by tensor operations, which have a fixed cost. */
const MOST_DECODED = 64

/**
 * One step of several conversations together: compute what was added to each and give the scores of its next token, [vocabularySize] each. Images and long additions are computed by tensor
 * operations, what goes on by a few tokens by the decoder, where there is one. Conversations that begin with the same tokens and images, such as rollouts of one prompt, are computed once.
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
  if (decoder === null) return scoresByTensors({ model, sequences })
  const models = sequences.map((input) => modelOf({ input, sequences, decoder }))
  const own = sequences.filter((input, at) => models[at] === input)
  const short = own.map((input) => shortInput({ input, decoder }))
  const decoded = short.filter((input) => input !== null)
  const others = own.filter((_, at) => short[at] === null)
  const tensorScores = others.length === 0 ? [] : await scoresByTensors({ model, sequences: others })
  const scores = new Map(others.map((input, at) => [input, tensorScores[at]]))
  const decoderScores = decoder.scores(decoded)
  for (const [at, input] of own.filter((_, place) => short[place] !== null).entries())
    scores.set(input, decoderScores[at])
  for (const [at, { cache }] of sequences.entries()) {
    const from = models[at]?.cache
    if (cache !== undefined && from !== undefined && from !== cache) decoder.copy({ from, to: cache })
  }
  return models.map((input) => scores.get(input) ?? new Float32Array())
}

/** The first of the sequences that begins as this one does, whose keys and values can be copied; mostly itself. */
function modelOf({
  input,
  sequences,
  decoder,
}: {
  input: SequenceInput
  sequences: readonly SequenceInput[]
  decoder: Decoder
}): SequenceInput {
  const canShare = ({ cache }: SequenceInput): boolean => cache !== undefined && decoder.owns(cache)
  if (input.past !== 0 || !canShare(input)) return input
  return sequences.find((other) => canShare(other) && isSameBeginning(other, input)) ?? input
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
