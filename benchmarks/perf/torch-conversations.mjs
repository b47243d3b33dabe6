import sharp from 'sharp'

/** Conversations of one picture and a question each, `group` of them the same; their questions are 0.75 to 1.25 times `words` characters long, a token each. */
export async function openConversations({ count, group = 1, side, words, images }) {
  return Promise.all(
    Array.from({ length: count }, (_, at) => open({ at: Math.floor(at / group), side, words, images })),
  )
}

/** What each conversation says next, all of them together; the conversations as they are then. */
export async function nextTurn({ policy, conversations, keyOf, turn, maxTokens }) {
  return Promise.all(
    conversations.map(async (messages, at) => {
      const reply = await policy.next({
        ...{ messages, tools: [], turn, maxTokens },
        sample: { key: keyOf(at), epoch: 0 },
        signal: new AbortController().signal,
      })
      return [
        ...messages,
        { role: 'assistant', content: [{ type: 'text', text: reply.text }] },
        // Of the tools' results only the place among the tokens matters here.
        { role: 'user', content: [{ type: 'text', text: 'Result.' }] },
      ]
    }),
  )
}

async function open({ at, side, words, images }) {
  const background = { r: (at * 37) % 256, g: 90, b: 120 }
  const bytes = await sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer()
  const sha256 = `picture ${at}`
  const image = { sha256, width: side, height: side, mediaType: 'image/png', read: async () => bytes }
  images.set(sha256, image.read)
  const length = Math.round(words * (0.75 + ((at * 5) % 11) / 20))
  const text = Array.from({ length }, (_, word) => 'abcdefghij'[(at + word) % 10]).join('')
  return [
    {
      role: 'user',
      content: [
        { type: 'image', index: 0, image },
        { type: 'text', text },
      ],
    },
  ]
}
