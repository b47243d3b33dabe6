import type { EncodedImage } from '../core/image.js'
import { textOf, type ContentPart, type Message } from '../core/message.js'
import type { ChatMessage } from '../llm/chat-request.js'

/** `hermes`: calls and their results stand in the text; `native`: the server's own function calling. */
export type ToolFormat = 'hermes' | 'native'

/**
 * A conversation as an OpenAI-compatible server takes it.
 *
 * Servers differ in what they take, so this is the part that all of them do: images only in user messages (many drop them from tool
 * messages); text alone as a plain string; with `native` calling, tool messages directly after the calls, one for each call.
 */
export async function openAiMessages({
  messages,
  toolFormat,
  encodeImage,
}: {
  messages: readonly Message[]
  toolFormat: ToolFormat
  /** Gives the image's data URI. */
  encodeImage: (image: EncodedImage) => Promise<string>
}): Promise<ChatMessage[]> {
  const sent: ChatMessage[] = []
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]
    if (message === undefined) break
    switch (message.role) {
      case 'system':
        sent.push({ role: 'system', content: textOf(message) })
        break
      case 'user':
        sent.push(await userMessage({ parts: message.content, encodeImage }))
        break
      case 'assistant': {
        const results = toolMessagesAfter({ messages, index: i })
        if (toolFormat === 'native' && message.toolCalls !== undefined && message.toolCalls.length > 0) {
          sent.push(...(await nativeTurn({ message, results, encodeImage })))
        } else {
          sent.push({ role: 'assistant', content: textOf(message) })
          if (results.length > 0) sent.push(await hermesResults({ results, encodeImage }))
        }
        i += results.length
        break
      }
      case 'tool':
        // A result without a turn before it: nothing to attach it to.
        sent.push(await hermesResults({ results: [message], encodeImage }))
    }
  }
  return sent
}

type EncodeImage = (image: EncodedImage) => Promise<string>

const NOT_EXECUTED = 'Not executed: only one call of a turn is.'

function toolMessagesAfter({ messages, index }: { messages: readonly Message[]; index: number }): Message[] {
  const rest = messages.slice(index + 1)
  const end = rest.findIndex(({ role }) => role !== 'tool')
  return end === -1 ? rest : rest.slice(0, end)
}

/** The results of one turn as the chat templates of Hermes models write them, images included: one user message. */
async function hermesResults({
  results,
  encodeImage,
}: {
  results: readonly Message[]
  encodeImage: EncodeImage
}): Promise<ChatMessage> {
  const text = (value: string): ContentPart<EncodedImage> => ({ type: 'text', text: value })
  const parts = results.flatMap(({ content }, index) => [
    text(`${index > 0 ? '\n' : ''}<tool_response>\n`),
    ...content,
    text('\n</tool_response>'),
  ])
  return userMessage({ parts, encodeImage })
}

/**
 * An assistant turn with native calls, one tool message for each, and then the images of the results in a user message. A result belongs
 * to the call that it names, else to the next one that is unanswered.
 */
async function nativeTurn({
  message,
  results,
  encodeImage,
}: {
  message: Message
  results: readonly Message[]
  encodeImage: EncodeImage
}): Promise<ChatMessage[]> {
  const calls = message.toolCalls ?? []
  const unnamed = results.filter(({ toolCallId }) => !calls.some(({ id }) => id === toolCallId))
  const content = textOf(message)
  const images = results.flatMap((result) => result.content.filter(({ type }) => type === 'image'))
  return [
    {
      role: 'assistant',
      content: content === '' ? null : content,
      tool_calls: calls.map(({ id, name, arguments: json }) => ({
        id,
        type: 'function',
        function: { name, arguments: json },
      })),
    },
    ...calls.map(({ id }): ChatMessage => {
      const result = results.find(({ toolCallId }) => toolCallId === id) ?? unnamed.shift()
      return { role: 'tool', tool_call_id: id, content: result ? textOf(result) : NOT_EXECUTED }
    }),
    ...(images.length > 0 ? [await userMessage({ parts: images, encodeImage })] : []),
  ]
}

async function userMessage({
  parts,
  encodeImage,
}: {
  parts: readonly ContentPart<EncodedImage>[]
  encodeImage: EncodeImage
}): Promise<ChatMessage> {
  if (parts.every(({ type }) => type === 'text')) {
    return { role: 'user', content: textOf({ role: 'user', content: [...parts] }) }
  }
  const content = await Promise.all(
    joinTexts(parts).map(async (part) =>
      part.type === 'text'
        ? { type: 'text' as const, text: part.text }
        : { type: 'image_url' as const, image_url: { url: await encodeImage(part.image) } },
    ),
  )
  return { role: 'user', content }
}

/** Neighbouring texts as one part: a template that puts something between parts must not change the text. */
function joinTexts(parts: readonly ContentPart<EncodedImage>[]): ContentPart<EncodedImage>[] {
  const joined: ContentPart<EncodedImage>[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (part.type === 'text' && last?.type === 'text') {
      joined[joined.length - 1] = { type: 'text', text: last.text + part.text }
    } else joined.push(part)
  }
  return joined
}
