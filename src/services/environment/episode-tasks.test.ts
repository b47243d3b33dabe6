import { expect, test } from '@jest/globals'
import { fakeTask } from '../../agent/testing/fake-task.js'
import type { Task } from '../../core/task.js'
import { EpisodeTasks } from './episode-tasks.js'

function tasksOf(count: number, fails: (places: readonly number[]) => boolean = () => false) {
  const reads: number[][] = []
  const tasks = new EpisodeTasks({
    keys: Array.from({ length: count }, (_, place) => `key-${place}`),
    tasks: {
      ...{ count, sha256: '', scorer: 'none' },
      read: async (places) => {
        reads.push([...places])
        await Promise.resolve()
        if (fails(places)) throw new Error('unreadable')
        return places.map((place): Task => ({ ...fakeTask(), id: `row-${place}` }))
      },
    },
  })
  return { tasks, reads }
}

test('a seed draws the same task every time, and seeds draw all of them', () => {
  const { tasks } = tasksOf(7)
  const drawn = Array.from({ length: 100 }, (_, seed) => tasks.choose({ seed }))
  expect(drawn).toEqual(Array.from({ length: 100 }, (_, seed) => tasks.choose({ seed })))
  expect(new Set(drawn).size).toBe(7)
})

test('without a choice tasks come in their order, over and over', () => {
  const { tasks } = tasksOf(3)
  expect([0, 1, 2, 3].map(() => tasks.choose({}))).toEqual([0, 1, 2, 0])
})

test.each([[3], [-1], ['key-3']])('task %s of three is refused with what there is', (task) => {
  expect(() => tasksOf(3).tasks.choose({ task })).toThrow(/expected a (place from 0 to 2|key)/)
})

test('tasks that are asked for at the same time are read together, and each once', async () => {
  const { tasks, reads } = tasksOf(9)
  const read = await Promise.all([4, 2, 4].map((place) => tasks.read(place)))
  expect(read.map(({ id }) => id)).toEqual(['row-4', 'row-2', 'row-4'])
  await tasks.read(2)
  expect(reads).toEqual([[4, 2]])
})

test('a task whose reading failed is read again', async () => {
  let isBroken = true
  const { tasks, reads } = tasksOf(2, () => isBroken)
  await expect(tasks.read(1)).rejects.toThrow('unreadable')
  isBroken = false
  expect((await tasks.read(1)).id).toBe('row-1')
  expect(reads).toHaveLength(2)
})
