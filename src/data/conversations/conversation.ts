import type { ToolDescription } from '../../core/policy.js'
import type { Role } from '../../core/message.js'
import type { Task } from '../../core/task.js'
import type { Curation } from '../../core/curation.js'

/** One conversation to learn from, whatever format it came from or goes to. */
export interface Conversation {
  /** Key of the sample, or what its file calls it. */
  readonly id: string
  /** Its place in the file that it was read from. */
  readonly where?: string
  /** The system prompt first, where there is one. Tool calls stand in the text, as Hermes writes them. */
  readonly messages: readonly ConversationMessage[]
  /** Image files in the order in which the messages show them, each as often as it is shown; absolute paths. */
  readonly images: readonly string[]
  /** Tools that were described to the model outside of the system prompt; null: none. */
  readonly tools: readonly ToolDescription[] | null
  /** What was asked, where that is known: a file in another tool's format does not say. */
  readonly task: ConversationTask | null
  /** Of a curated set: what was decided about it. */
  readonly curation: Curation | null
}

export interface ConversationMessage {
  readonly role: Role
  readonly content: readonly ConversationPart[]
}

/** Text, or an image: its place in the conversation's `images`. */
export type ConversationPart =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'image'; readonly index: number }

/** The question that a conversation answers: of a {@link Task} all but its images, which are the first that the conversation shows. */
export interface ConversationTask extends Omit<Task, 'key' | 'images'> {
  /** How many of the first images are the task's own. */
  readonly images: number
}
