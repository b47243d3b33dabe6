import { expect, test } from '@jest/globals'
import { closeAfter } from './close-after.js'
import { UsageError } from './errors.js'
import { suppressedBy } from './suppressed-errors.js'

test('all is closed in order when the work is done, and its result returned', async () => {
  const events: string[] = []
  const note = (event: string) => async (): Promise<string> => {
    events.push(event)
    return event
  }
  expect(await closeAfter({ work: note('work'), close: [note('first'), note('second')] })).toBe('work')
  expect(events).toEqual(['work', 'first', 'second'])
})

test('the error of the work is thrown as it is, with those of closing, and all is closed', async () => {
  const events: string[] = []
  const error = new UsageError('the training is wrong')
  const [gone, full] = [new Error('the process is gone'), new Error('the disk is full')]
  const closing = closeAfter({
    work: () => Promise.reject(error),
    close: [
      () => Promise.reject(gone),
      () => {
        throw full
      },
      () => void events.push('closed'),
    ],
  })
  await expect(closing).rejects.toBe(error)
  expect(suppressedBy(error)).toEqual([gone, full])
  expect(events).toEqual(['closed'])
})

test('what only closing did wrong is thrown, the second of two with the first', async () => {
  const [first, second] = [new Error('first'), new Error('second')]
  const closing = closeAfter({
    work: () => Promise.resolve(1),
    close: [() => Promise.reject(first), () => Promise.reject(second)],
  })
  await expect(closing).rejects.toBe(first)
  expect(suppressedBy(first)).toEqual([second])
})

test('an error that can carry no note is thrown all the same, and so is nothing', async () => {
  const close = [() => Promise.reject(new Error('second'))]
  await expect(closeAfter({ work: () => Promise.reject('words'), close })).rejects.toBe('words')
  await expect(closeAfter({ work: () => Promise.reject(undefined), close })).rejects.toBeUndefined()
  expect([suppressedBy('words'), suppressedBy(undefined)]).toEqual([[], []])
})
