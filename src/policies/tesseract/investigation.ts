import type { EncodedImage } from '../../core/image.js'
import type { CodeStep } from './code-steps.js'
import type { PageReader } from './page-reader.js'
import type { Page } from './page.js'
import type { Observation } from './read-conversation.js'

/**
 * A piece of the agent's plan, written as straight-line code: it yields a call and is given what came back. It is gone through from
 * the start at every turn, the conversation's observations in the place of real ones, so that the conversation is its only state.
 */
export type Investigation<Result> = AsyncGenerator<CodeStep, Result, Observation>

/** What a piece of the plan works with. */
export interface Desk {
  reader: PageReader
  /** Calls that may still be made; none without tools. */
  callsLeft: number
}

/** An image of the trajectory with what was read in its view. */
export interface Sight {
  view: EncodedImage
  imageIndex: number
  page: Page
}

/** Make one call and read what it brings; null where it failed or no call is left. */
export async function* tryStep({ desk, step }: { desk: Desk; step: CodeStep }): Investigation<Sight | null> {
  if (desk.callsLeft <= 0) return null
  desk.callsLeft -= 1
  const observation = yield step
  if (observation.status === 'failed') return null
  const { view, imageIndex } = observation
  return { view, imageIndex, page: await desk.reader.read(view) }
}
