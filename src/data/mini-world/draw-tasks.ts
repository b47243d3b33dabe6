import { availableParallelism } from 'node:os'
import { drawTask, type MiniTask } from './draw-task.js'
import type { MiniWorldConfig } from './mini-world-config.js'

/** Rows that are drawn at a time. */
const AHEAD = Math.min(2 * availableParallelism(), 8)

/** The rows in their order, a few being drawn while others are written. */
export async function* drawTasks({
  config,
  signal,
}: {
  config: MiniWorldConfig
  signal?: AbortSignal | undefined
}): AsyncGenerator<MiniTask, void> {
  const drawing: Promise<MiniTask>[] = []
  try {
    for (let next = 0; next < config.rows || drawing.length > 0;) {
      signal?.throwIfAborted()
      if (next < config.rows && drawing.length < AHEAD) {
        const task = drawTask({ config, index: next++ })
        // It is told when its turn comes.
        task.catch(() => undefined)
        drawing.push(task)
        continue
      }
      const first = drawing.shift()
      if (first !== undefined) yield await first
    }
  } finally {
    await Promise.allSettled(drawing)
  }
}
