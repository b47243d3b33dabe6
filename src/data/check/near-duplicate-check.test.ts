import { expect, test } from '@jest/globals'
import type { Task } from '../../core/task.js'
import { createRandom } from '../demo/random.js'
import type { Check } from './check.js'
import { nearDuplicateCheck } from './near-duplicate-check.js'

const random = createRandom({ seed: 'pictures' })

function checkOf(pictures: number): Check {
  const check = nearDuplicateCheck()
  for (let row = 0; row < pictures; row++) {
    const source = row % 2 === 0 ? 'train' : 'test'
    const task = { images: [{ sha256: String(row), read: () => Promise.reject(new Error('not read')) }] }
    check.row({
      place: { file: source, row, where: `${source} ${row}` },
      source,
      task: task as unknown as Task,
      notices: [],
      misnamed: [],
      images: [
        {
          isDecodable: true,
          width: 160,
          height: 120,
          thumbnail: Uint8Array.from({ length: 1024 }, () => random.integer(0, 255)),
        },
      ],
      picture: null,
      undone: null,
    })
  }
  return check
}

test('a long comparison tells how far it is of all pictures, and ends when it is aborted', async () => {
  const stop = new AbortController()
  const progress: { done: number; total: number }[] = []
  const comparing = checkOf(800).end?.({
    signal: stop.signal,
    onProgress: (one) => {
      progress.push(one)
      stop.abort()
    },
  })
  await expect(comparing).rejects.toThrow(/abort/)
  expect(progress).toHaveLength(1)
  expect(progress[0]?.total).toBe(800)
  expect(progress[0]?.done).toBeLessThan(800)
})

test('random pictures are not taken for each other', async () => {
  expect(await checkOf(200).end?.({ onProgress: () => undefined })).toEqual([])
})
