import type { Message } from '../../core/message.js'
import type { EndedProgress, OpenProgress } from './episode.js'
import { KeptImage } from './kept-image.js'

/** Bytes of the files that a client is told these messages with. */
export async function encodedBytes(messages: readonly Message[]): Promise<number> {
  const images = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
  )
  const files = await Promise.all(images.map((image) => image.read()))
  return files.reduce((sum, { length }) => sum + length, 0)
}

/**
 * A turn as it is kept when its episode has ended, whose pixels are gone: with the files that the model was shown, and with the file of the image that its call made
 * only where the answer was that image.
 * @returns it, and the bytes that are kept beside the files in its messages
 */
export async function keptTurn({
  turn,
  ended: { trajectory, files },
  toldExecution,
}: {
  turn: OpenProgress
  ended: EndedProgress
  /** Whether its answer was the execution rather than what the model was told. */
  toldExecution: boolean
}): Promise<{ turn: OpenProgress; bytes: number }> {
  const { execution } = turn
  if (execution === null || !toldExecution) return { turn: { ...turn, execution: null }, bytes: 0 }
  if (execution.status === 'error') return { turn, bytes: 0 }
  const recorded = trajectory.images[execution.imageIndex]
  const file = await files.get(recorded?.sha256 ?? '')?.()
  if (recorded === undefined || file === undefined)
    throw new RangeError(`expected a file of image ${execution.imageIndex} of the trajectory`)
  const { width, height, mode, sourceMode } = execution.image
  const image = new KeptImage({ width, height, mode, sourceMode, file })
  // Where the model saw the image itself, both are one file.
  const isShown = recorded.view?.sha256 === recorded.sha256
  return { turn: { ...turn, execution: { ...execution, image } }, bytes: isShown ? 0 : file.length }
}
