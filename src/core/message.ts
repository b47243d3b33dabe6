import type { EncodedImage } from './image.js'

export type Role = 'system' | 'user' | 'assistant' | 'tool'

export interface TextPart {
  type: 'text'
  text: string
}

/** An image in a conversation: `index` counts the trajectory's images from 0. */
export interface ImagePart<Image> {
  type: 'image'
  index: number
  image: Image
}

export type ContentPart<Image> = TextPart | ImagePart<Image>

/** A tool call that arrived outside the text (native tool calling); `arguments` is JSON text, as the server sent it. */
export interface NativeToolCall {
  id: string
  name: string
  arguments: string
}

/** One message; `Image` is an {@link EncodedImage} on the way to a policy, a record in a trajectory file. */
export interface Message<Image = EncodedImage> {
  role: Role
  content: ContentPart<Image>[]
  /** Assistant only: the calls that came natively, all of them, in the server's order. */
  toolCalls?: readonly NativeToolCall[]
  /** Tool only: the native call that this message answers. */
  toolCallId?: string
}

/** The texts of a message, joined. */
export function textOf(message: Message<unknown>): string {
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}
