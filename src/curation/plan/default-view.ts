import { z } from 'zod'
import type { Suite } from '../../data/load-suite.js'

/** Pixels of the view that the paper's cold start trains with (release: `image_max_pixels`). */
export const PAPER_VIEW = 262_144

const stated = z.number().int().positive()

/** Pixels of the view that sources were made for, where their first rows say so and agree (`view`, as the mini world's do); else the paper's. */
export async function defaultView(sources: readonly Pick<Suite, 'tasks'>[]): Promise<number> {
  const views = new Set<number | null>()
  for (const { tasks } of sources)
    for await (const { task } of tasks({ isWanted: (index) => index === 0 }))
      views.add(stated.safeParse(task.metadata.view).data ?? null)
  const [view = null] = views
  return views.size === 1 && view !== null ? view : PAPER_VIEW
}
