import type { EncodedImage } from '../core/image.js'
import type { Message } from '../core/message.js'
import type { FeedbackStyle } from './feedback.js'

/**
 * The messages that a rollout begins with: the system prompt (none if it is empty), then the images in order and the question. Style
 * `standard` tells the full size of each image, since crops count in its pixels; without tools, and in style `release`, nothing is added.
 */
export function openingMessages({
  prompt,
  question,
  images,
  sizes,
  tools,
  feedback,
}: {
  prompt: string
  question: string
  /** What the model sees, in the order of their indices. */
  images: readonly EncodedImage[]
  /** Their sizes in full resolution. */
  sizes: readonly { width: number; height: number }[]
  tools: 'offered' | 'none'
  feedback: FeedbackStyle
}): Message[] {
  const told =
    tools === 'offered' && feedback === 'standard'
      ? sizes.map(({ width, height }, index) => `Image ${index}: ${width} × ${height} pixels.\n`).join('')
      : ''
  const system: Message[] =
    prompt === '' ? [] : [{ role: 'system', content: [{ type: 'text', text: prompt }] }]
  return [
    ...system,
    {
      role: 'user',
      content: [
        ...images.map((image, index) => ({ type: 'image' as const, index, image })),
        { type: 'text', text: `${told}${question}` },
      ],
    },
  ]
}
