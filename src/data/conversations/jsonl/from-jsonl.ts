import { resolve } from 'node:path'
import { z } from 'zod'
import { DataError } from '../../../core/errors.js'
import type { Conversation } from '../conversation.js'
import { conversationLine } from './conversation-line.js'

/**
 * A line's value as a conversation.
 * @throws DataError for a line of another form, or whose messages show images that it does not name, once each and in order.
 */
export function fromJsonl({
  row,
  folder,
  where,
}: {
  row: Readonly<Record<string, unknown>>
  /** Image paths are relative to it. */
  folder: string
  where: string
}): Conversation {
  const result = conversationLine.safeParse(row)
  if (!result.success)
    throw new DataError(`${where}: ${z.prettifyError(result.error).replace(/\s*\n\s*/g, ' ')}`)
  const { id, messages, images, tools, task, curation } = result.data
  const shown = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'image' ? [part.index] : [])),
  )
  if (shown.length !== images.length || shown.some((index, at) => index !== at))
    throw new DataError(
      `${where}: expected messages that show the ${images.length} images in order, got [${shown.join(', ')}]`,
    )
  return { id, messages, images: images.map((path) => resolve(folder, path)), tools, task, curation }
}
