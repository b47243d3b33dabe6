import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { DataError } from '../../core/errors.js'
import { taggedBlocks } from '../../core/tagged-blocks.js'
import type { Task, TaskImage } from '../../core/task.js'
import { contentKey } from './content-key.js'
import type { Conversation, ConversationMessage, ConversationTask } from './conversation.js'

/**
 * The question of a conversation as a task of its own. Where the conversation's file does not say what was asked, it is what the user says first, and the right answer is taken
 * to be the last one given.
 * @throws DataError where an image is not there, or neither question nor answer can be told
 */
export async function conversationTask(conversation: Conversation): Promise<Task> {
  const { images: count, ...asked } = conversation.task ?? guessed(conversation)
  const images: TaskImage[] = []
  for (const path of conversation.images.slice(0, count)) images.push(await imageOf(path))
  return { ...asked, key: contentKey({ ...asked, images }), images }
}

async function imageOf(path: string): Promise<TaskImage> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new DataError(`expected an image file at ${path}; ${String(cause)}`, { cause })
  })
  return { sha256: createHash('sha256').update(bytes).digest('hex'), read: () => readFile(path) }
}

function guessed({ id, messages }: Conversation): ConversationTask {
  const first = messages.find(({ role }) => role === 'user')
  const last = messages.findLast(({ role }) => role === 'assistant')
  const question = textOf(first).trim()
  const answer = taggedBlocks({ text: textOf(last), open: '<answer>', close: '</answer>' })
    .blocks.at(-1)
    ?.trim()
  if (first === undefined || question === '') throw new DataError('expected a question of the user, got none')
  if (answer === undefined || answer === '')
    throw new DataError(
      'expected an <answer> in the last turn, got none: without one there is nothing to reward',
    )
  return {
    ...{ id, suite: 'conversations', question, answers: [answer], transform: 'none', requiredTools: null },
    ...{ box: null, metadata: {}, images: first.content.filter(({ type }) => type === 'image').length },
  }
}

function textOf(message: ConversationMessage | undefined): string {
  return (message?.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')
}
