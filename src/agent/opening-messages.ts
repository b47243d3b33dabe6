import type { Message } from '../core/message.js'
import type { FeedbackStyle } from './feedback.js'

/**
 * The messages that a rollout begins with: the system prompt (none if it is empty), then the images in order and the question. Style
 * `standard` adds the full size of each image to the prompt, since crops count in its pixels; without tools, and in style `release`,
 * nothing is added. The question stands alone in its message.
 */
export function openingMessages<Image>({
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
  images: readonly Image[]
  /** Their sizes in full resolution. */
  sizes: readonly { width: number; height: number }[]
  tools: 'offered' | 'none'
  feedback: FeedbackStyle
}): Message<Image>[] {
  const told = sizes.map(({ width, height }, index) => `Image ${index}: ${width} × ${height} pixels.`)
  const system =
    tools === 'offered' && feedback === 'standard'
      ? `${prompt}\n\nFull size of this question's images:\n${told.join('\n')}`
      : prompt
  return [
    ...(prompt === ''
      ? []
      : [{ role: 'system' as const, content: [{ type: 'text' as const, text: system }] }]),
    {
      role: 'user',
      content: [
        ...images.map((image, index) => ({ type: 'image' as const, index, image })),
        { type: 'text', text: question },
      ],
    },
  ]
}
