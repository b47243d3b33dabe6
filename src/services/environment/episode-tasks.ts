import type { Task } from '../../core/task.js'
import { uniformStream } from '../../core/uniform-stream.js'
import type { TrainingTasks } from '../../training/training-tasks.js'
import { ServiceError } from '../service-error.js'

/** Which task an episode is about: a place from 0 or a key; the same seed gives the same one; neither: the next in order. */
export interface TaskChoice {
  task?: number | string | undefined
  seed?: number | undefined
}

/** Tasks that are kept once they were read. */
const KEPT = 64

/** The tasks of an environment, read when they are needed; those that are asked for at the same time are read together. */
export class EpisodeTasks {
  private readonly tasks: TrainingTasks
  private readonly places: ReadonlyMap<string, number>
  private readonly known = new Map<number, Promise<Task>>()
  private next = 0
  /** Places whose turn has come and that were not taken after all. */
  private readonly passedOver: number[] = []
  private waiting: { place: number; resolve: (task: Task) => void; reject: (error: unknown) => void }[] = []
  private isReading = false

  /** @param parameters.keys of the tasks, in their order. */
  constructor({ tasks, keys }: { tasks: TrainingTasks; keys: readonly string[] }) {
    this.tasks = tasks
    this.places = new Map(keys.map((key, place) => [key, place]))
  }

  get count(): number {
    return this.tasks.count
  }

  /** Look at a choice without taking it. @throws ServiceError (422) where there is no such task. */
  expect({ task }: TaskChoice): void {
    if (task !== undefined) this.choose({ task })
  }

  /** @returns its place. @throws ServiceError (422) where there is no such task. */
  choose({ task, seed }: TaskChoice): number {
    if (typeof task === 'string') {
      const place = this.places.get(task)
      if (place !== undefined) return place
      throw noSuchTask(
        `a key (SHA-256) of one of the ${this.count} tasks, got ${JSON.stringify(task.slice(0, 80))}`,
      )
    }
    if (task !== undefined) {
      if (task >= 0 && task < this.count) return task
      throw noSuchTask(`a place from 0 to ${this.count - 1}, got ${task}`)
    }
    if (seed !== undefined) return Math.floor(uniformStream(`task ${seed}`)() * this.count)
    const passedOver = this.passedOver.shift()
    if (passedOver !== undefined) return passedOver
    const place = this.next
    this.next = (this.next + 1) % this.count
    return place
  }

  /** The place of a choice that came to nothing: left to the order, it is the next. */
  giveBack({ choice: { task, seed }, place }: { choice: TaskChoice; place: number }): void {
    if (task === undefined && seed === undefined) this.passedOver.push(place)
  }

  /** @throws DataError for a row that cannot be read. */
  async read(place: number): Promise<Task> {
    const known = this.known.get(place)
    this.known.delete(place)
    const task =
      known ??
      new Promise<Task>((resolve, reject) => {
        this.waiting.push({ place, resolve, reject })
        void this.readWaiting()
      })
    // Those that were asked for last stay.
    this.known.set(place, task)
    if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value ?? place)
    task.catch(() => this.known.delete(place))
    return task
  }

  private async readWaiting(): Promise<void> {
    if (this.isReading) return
    this.isReading = true
    // What is asked for in the same turn of the loop goes along.
    await Promise.resolve()
    while (this.waiting.length > 0) {
      const batch = this.waiting
      this.waiting = []
      try {
        const tasks = await this.tasks.read(batch.map(({ place }) => place))
        batch.forEach(({ resolve, reject }, index) => {
          const task = tasks[index]
          if (task === undefined) reject(new RangeError('a task for each place'))
          else resolve(task)
        })
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.isReading = false
  }
}

function noSuchTask(expected: string): ServiceError {
  return new ServiceError({
    status: 422,
    code: 'no_such_task',
    message: `task: expected ${expected}.`,
    hint: 'Leave it out for the next task in order, or send a seed for a drawn one.',
  })
}
