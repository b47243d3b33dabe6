import type { EncodedImage } from '../../core/image.js'
import type { Policy, PolicyReply, PolicyRequest } from '../../core/policy.js'
import { investigate } from './investigate.js'
import { createOcrPool, OCR_MODEL } from './ocr-pool.js'
import { createPageReader, type PageReader } from './page-reader.js'
import { readConversation } from './read-conversation.js'
import { writeAnswer, writeCall } from './write-turn.js'

/** Calls in one trajectory; with the answer they stay below the released environment's 12 turns (paper, section 2). */
const MAX_CALLS = 9

/**
 * A classical agent without any weights of its own: it looks at the views by OCR, writes code calls (turn until the text reads, find
 * the words of the question, crop, read) and answers. It sees nothing but the conversation, and the same conversation always
 * gets the same reply.
 */
export function createTesseractPolicy({ workers = 2 }: { workers?: number } = {}): Policy {
  const pool = createOcrPool({ size: workers })
  const reader = createPageReader({ pool })
  return {
    name: 'tesseract',
    model: OCR_MODEL,
    next: (request) => untilAborted({ work: writeNext({ reader, request }), signal: request.signal }),
    check: () => pool.start(),
    close: () => pool.close(),
  }
}

async function writeNext({
  reader,
  request: { messages, tools },
}: {
  reader: PageReader
  request: PolicyRequest
}): Promise<PolicyReply> {
  const { question, given, observations } = readConversation(messages)
  if (!given) return reply(writeAnswer({ thought: 'There is no image to look at.', answer: 'unknown' }))

  const sight = async ({ view, imageIndex }: { view: EncodedImage; imageIndex: number }) => ({
    view,
    imageIndex,
    page: await reader.read(view),
  })
  const desk = { reader, callsLeft: tools.length === 0 ? 0 : MAX_CALLS }
  const plan = investigate({ desk, given: await sight(given), question })
  let step = await plan.next()
  for (const observation of observations) {
    if (step.done) break
    step = await plan.next(observation)
  }
  return reply(step.done ? writeAnswer(step.value) : writeCall(step.value))
}

/** A program spends no tokens. */
function reply(text: string): PolicyReply {
  return { text, toolCalls: [], finishReason: 'stop', usage: { promptTokens: 0, completionTokens: 0 } }
}

/** Stop waiting when the signal fires; what was begun ends on its own and stays remembered. */
async function untilAborted<T>({ work, signal }: { work: Promise<T>; signal: AbortSignal }): Promise<T> {
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason as Error)
    }
  })
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([aborted, work])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
