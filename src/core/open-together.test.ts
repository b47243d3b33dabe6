import { expect, test } from '@jest/globals'
import { openTogether } from './open-together.js'

test('what was opened is closed together, the last first, and once', async () => {
  const closed: string[] = []
  const opened = await openTogether(async (willClose) => {
    willClose(() => closed.push('first'))
    willClose(() => closed.push('second'))
    return 'both'
  })
  expect([opened.value, closed]).toEqual(['both', []])
  await opened.close()
  await opened.close()
  expect(closed).toEqual(['second', 'first'])
})

test('where one cannot be opened, those before it are closed and its error is told', async () => {
  const closed: string[] = []
  const opening = openTogether(async (willClose) => {
    willClose(() => closed.push('first'))
    throw new Error('no second')
  })
  await expect(opening).rejects.toThrow('no second')
  expect(closed).toEqual(['first'])
})
