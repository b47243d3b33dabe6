import { createHash } from 'node:crypto'
import { DataError } from '../core/errors.js'
import type { Task } from '../core/task.js'
import type { Suite } from '../data/load-suite.js'
import type { Plan } from '../evaluation/run/plan.js'
import type { Scorer } from '../core/scorer.js'

/** Questions to learn from. */
export interface TrainingTasks {
  readonly count: number
  /** SHA-256 over their identities, in their order. */
  readonly sha256: string
  /** Whose rules can score their answers. */
  readonly scorer: Scorer
  /** Some of them by their places, in the order asked for. */
  read(places: readonly number[]): Promise<Task[]>
}

/** The chosen rows of a suite, read when they are needed. */
export function suiteTasks({ suite, plan }: { suite: Suite; plan: Plan }): TrainingTasks {
  return {
    count: plan.tasks.length,
    sha256: keysHash(plan.tasks.map(({ key }) => key)),
    scorer: suite.definition?.scorer ?? 'none',
    async read(places) {
      const indexes = places.map((place) => plan.tasks[place]?.index ?? -1)
      const wanted = new Set(indexes)
      const found = new Map<number, Task>()
      for await (const { index, task } of suite.tasks({ isWanted: (at) => wanted.has(at) }))
        found.set(index, task)
      return indexes.map((index) => {
        const task = found.get(index)
        if (task === undefined)
          throw new DataError(`${suite.path}: expected row ${index} of the plan, got none`)
        return task
      })
    },
  }
}

/** SHA-256 over identities, hexadecimal. */
export function keysHash(keys: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(keys)).digest('hex')
}
