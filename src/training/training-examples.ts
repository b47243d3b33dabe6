import type { Message } from '../core/message.js'
import type { ToolDescription } from '../core/policy.js'

/** A conversation to learn from, with the images that the model is to see. */
export interface TrainingExample {
  readonly messages: readonly Message[]
  readonly tools: readonly ToolDescription[]
}

/** Conversations to learn from. */
export interface TrainingExamples {
  readonly count: number
  /** SHA-256 over their contents, in their order. */
  readonly sha256: string
  /** As errors name one of them, by its place. */
  nameOf(place: number): string
  /** One of them by its place. */
  read(place: number): Promise<TrainingExample>
}
