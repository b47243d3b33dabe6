import type { Message } from '../../core/message.js'
import type { Conversation } from '../../models/generate/conversation.js'
import type { Generation } from '../../models/generate/generate.js'
import type { ProcessedImage } from '../../models/processor/process-image.js'

/** What is to be written next. */
export interface TurnRequest {
  /** All of its tokens wait. */
  conversation: Conversation<ProcessedImage>
  /** Those of which it was made, for their images. */
  messages: readonly Message[]
  /** Of the random numbers: another turn draws others. */
  seed: string
  maxTokens: number
  maxCharacters: number
  signal: AbortSignal
}

/** Writes turns with the weights of an engine: in its process, or on a server that is told of them. */
export interface TurnSampler {
  /** Another program computes: what it tells is checked with the first turn. */
  readonly isElsewhere: boolean
  /** How often the weights have changed. */
  readonly version: number
  /** How often that program may have become another one: it is checked again. */
  readonly losses: number
  /** @throws the reason of the signal, EngineError, ModelError; TrainingError where a server is not that of this training. */
  sample(request: TurnRequest): Promise<Generation>
  /** The weights have changed: what is written from now on is written with the new ones. */
  weightsChanged(): void
  close(): Promise<void>
}
