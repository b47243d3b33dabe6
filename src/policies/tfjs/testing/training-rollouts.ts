import sharp from 'sharp'
import type { EncodedImage } from '../../../core/image.js'
import type { Message } from '../../../core/message.js'
import type { PolicyRequest } from '../../../core/policy.js'
import type { TokenLedger } from '../../../core/token-ledger.js'
import type { LogprobGradient, TrainingRollout } from '../../../core/trainable-policy.js'
import type { TrainableTfjsPolicy } from '../trainable-tfjs-policy.js'

const PICTURE: EncodedImage = {
  sha256: 'picture',
  width: 32,
  height: 16,
  mediaType: 'image/png',
  read: () =>
    sharp({ create: { width: 32, height: 16, channels: 3, background: '#a04070' } })
      .png()
      .toBuffer(),
}

const text = (value: string) => ({ type: 'text' as const, text: value })

/** A turn of the assistant. */
export const said = (value: string): Message => ({ role: 'assistant', content: [text(value)] })

/** The result of a call. */
export const shown = (): Message => ({
  role: 'tool',
  content: [{ type: 'image', index: 1, image: PICTURE }, text('Done.')],
})

export const question = (words: string): Message[] => [
  { role: 'system', content: [text('Look.')] },
  { role: 'user', content: [{ type: 'image', index: 0, image: PICTURE }, text(words)] },
]

export const TOOLS = [
  { name: 'code_image_tool', description: 'Runs Python.', parameters: { type: 'object' } },
]

export const request = (messages: readonly Message[], rest: Partial<PolicyRequest> = {}): PolicyRequest => ({
  messages,
  tools: TOOLS,
  sample: { key: 'k', epoch: 0 },
  turn: messages.filter(({ role }) => role === 'assistant').length,
  maxTokens: 12,
  signal: new AbortController().signal,
  ...rest,
})

/** Up to two turns under this key, as something to train on. */
export async function rolloutOf(policy: TrainableTfjsPolicy, key: string): Promise<TrainingRollout> {
  const sample = { key, epoch: 0 }
  const first = await policy.next(request(question(`${key}?`), { sample }))
  if (first.finishReason === 'stop')
    await policy.next(request([...question(`${key}?`), said(first.text), shown()], { sample }))
  return { ledger: ledgerOf(policy, key), images: new Map([['picture', PICTURE.read]]) }
}

/** As it is now. */
export function ledgerOf(policy: TrainableTfjsPolicy, key: string): TokenLedger {
  const ledger = policy.ledgerOf({ key, epoch: 0 })
  if (ledger === null) throw new Error(`expected a ledger of ${key}`)
  return { segments: ledger.segments.map((segment) => ({ ...segment })) }
}

/** Log-probabilities of the sampled tokens. */
export const sampledIn = ({ segments }: TokenLedger): number[] =>
  segments.flatMap(({ logprobs, mask }) => logprobs.filter((_, at) => mask[at] === 1))

/** Gradient of the mean negative log-probability of all tokens. */
export const crossEntropy =
  (rollouts: readonly TrainingRollout[]): LogprobGradient =>
  ({ logprobs }) => {
    const count = rollouts.reduce((total, { ledger }) => total + sampledIn(ledger).length, 0)
    return logprobs.map((own) => own.map(() => -1 / count))
  }

/** A step towards these rollouts; gives the norm of its gradient. */
export async function learn(
  policy: TrainableTfjsPolicy,
  rollouts: readonly TrainingRollout[],
): Promise<number> {
  const { gradientNorm } = await policy.step({
    rollouts,
    gradient: crossEntropy(rollouts),
    learningRate: 0.01,
    maxGradientNorm: 1,
  })
  return gradientNorm
}
