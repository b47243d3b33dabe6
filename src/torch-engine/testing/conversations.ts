import sharp from 'sharp'
import type { EncodedImage } from '../../core/image.js'
import type { Message } from '../../core/message.js'
import type { PolicyReply, PolicyRequest } from '../../core/policy.js'
import type { TrainingRollout } from '../../core/trainable-policy.js'
import type { TorchPolicy } from '../../policies/torch/torch-policy.js'

const pictures = await Promise.all([20, 120, 220].map(picture))

async function picture(red: number, at: number): Promise<EncodedImage> {
  const [width, height] = [24 + 8 * at, 16]
  const background = { r: red, g: 90, b: 255 - red }
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
  const read = (): Promise<Buffer> => Promise.resolve(bytes)
  return { sha256: `picture ${red}`, width, height, mediaType: 'image/png', read }
}

const text = (value: string) => ({ type: 'text' as const, text: value })
const TOOL = { name: 'code_image_tool', description: 'Runs Python.', parameters: { type: 'object' } }
const shown = (at: number) => ({
  type: 'image' as const,
  index: 0,
  image: pictures[at % pictures.length] as EncodedImage,
})

export const question = (words: string): Message[] => [
  { role: 'system', content: [text('Look.')] },
  { role: 'user', content: [shown(words.length), text(words)] },
]

export function request(messages: Message[], key: string, rest: Partial<PolicyRequest> = {}): PolicyRequest {
  return {
    messages,
    tools: [TOOL],
    sample: { key, epoch: 0 },
    turn: messages.filter(({ role }) => role === 'assistant').length,
    maxTokens: 24,
    signal: new AbortController().signal,
    ...rest,
  }
}

/** Turns of one conversation, each ended by the model itself or cut; a cut one is where it ends. */
export async function converse(
  policy: Pick<TorchPolicy, 'next'>,
  key: string,
  turns = 3,
): Promise<PolicyReply[]> {
  const replies: PolicyReply[] = []
  let messages = question(`${key}?`)
  while (replies.length < turns) {
    const reply = await policy.next(request(messages, key))
    replies.push(reply)
    if (reply.finishReason === 'length') break
    messages = [
      ...messages,
      { role: 'assistant', content: [text(reply.text)] },
      { role: 'tool', content: [shown(messages.length), text('Done.')] },
    ]
  }
  return replies
}

export const KEYS = Array.from({ length: 12 }, (_, at) => `${'x'.repeat(at % 5)}${at}`)

/** What the policy sampled, ready to be trained. */
export function rolloutsOf(policy: TorchPolicy, keys: readonly string[]): TrainingRollout[] {
  const images = new Map(pictures.map(({ sha256, read }) => [sha256, read]))
  return keys.map((key) => {
    const ledger = policy.ledgerOf({ key, epoch: 0 })
    if (ledger === null) throw new Error(`expected a ledger of ${key}`)
    return { ledger, images }
  })
}

/** Conversations that somebody else wrote, as tokens. */
export const lessons = (policy: TorchPolicy): Promise<TrainingRollout[]> =>
  Promise.all(
    ['A', 'green', 'stop here'].map((answer, at) =>
      policy.encode({
        messages: [
          ...question(`${'?'.repeat(at + 1)}`),
          { role: 'assistant', content: [text(`I look: ${answer}.`)] },
          { role: 'tool', content: [shown(at), text('Done.')] },
          { role: 'assistant', content: [text(answer)] },
        ],
        tools: [TOOL],
      }),
    ),
  )
