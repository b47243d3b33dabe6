import { textOf, type Message } from '../../core/message.js'
import type { EncodedImage } from '../../core/image.js'
import type { Size } from '../plan/curation-plan.js'

/** What the conversation says of an image: its full size, and that of the view. */
export interface ToldSize {
  full: Size | null
  view: Size | null
}

/** The size of an image as far as the messages tell it: profile `release` names none. */
export function toldSize({
  messages,
  imageIndex,
}: {
  messages: readonly Message[]
  imageIndex: number
}): ToldSize {
  const told = new RegExp(`\\bImage ${imageIndex}(?:: | \\()(\\d+) × (\\d+) pixels`)
  const match = messages
    .filter(({ role }) => role === 'system' || role === 'tool')
    .map((message) => told.exec(textOf(message)))
    .find((found) => found !== null)
  const view = messages
    .flatMap(({ content }) => content)
    .find(
      (part): part is { type: 'image'; index: number; image: EncodedImage } =>
        part.type === 'image' && part.index === imageIndex,
    )
  return {
    full: match ? { width: Number(match[1]), height: Number(match[2]) } : null,
    view: view === undefined ? null : { width: view.image.width, height: view.image.height },
  }
}
