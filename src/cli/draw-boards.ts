import { writeBoards } from '../data/card-board/write-boards.js'
import { createCountDisplay } from './count-display.js'
import { listenForInterrupts } from './interrupts.js'

/** Draw boards as {@link writeBoards} does, with their number on stderr where it takes long; Ctrl-C stops it and leaves nothing behind. */
export async function drawBoards(
  boards: Omit<Parameters<typeof writeBoards>[0], 'onRow' | 'signal'>,
): Promise<string> {
  const display = createCountDisplay((drawn) => `${drawn} of ${boards.rows} boards drawn`)
  const interrupts = listenForInterrupts({
    onDrain: () => display.print('\nStopping; nothing is left of these boards.'),
    onCancel: () => undefined,
  })
  try {
    return await writeBoards({ ...boards, onRow: display.update, signal: interrupts.drain })
  } finally {
    display.stop()
    interrupts.stop()
  }
}
