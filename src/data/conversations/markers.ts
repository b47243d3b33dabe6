import type { ConversationPart } from './conversation.js'

/** Where an image stands in a text. */
export const IMAGE_MARKER = '<image>'

/** What LLaMA-Factory and verl replace in a text, wherever it came from. */
export const MARKERS = [IMAGE_MARKER, '<video>', '<audio>'] as const

/** Parts of a message as one text: a marker where an image stood, nothing between. */
export function markedText(parts: readonly ConversationPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : IMAGE_MARKER)).join('')
}

/**
 * A text with markers as parts again; empty texts are left out.
 * @param firstImage place of its first image among those of the conversation
 */
export function unmarkedParts({
  text,
  firstImage,
}: {
  text: string
  firstImage: number
}): ConversationPart[] {
  return text
    .split(IMAGE_MARKER)
    .flatMap((piece, at): ConversationPart[] => [
      ...(at === 0 ? [] : [{ type: 'image' as const, index: firstImage + at - 1 }]),
      ...(piece === '' ? [] : [{ type: 'text' as const, text: piece }]),
    ])
}

/** How often a text has the marker of an image. */
export function countImages(text: string): number {
  return text.split(IMAGE_MARKER).length - 1
}
