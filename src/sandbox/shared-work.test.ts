import { expect, test } from '@jest/globals'
import { SharedWork } from './shared-work.js'

/** Work that the test ends, and what became of it. */
function workshop() {
  const undone: string[] = []
  const begun: { end: (value: string) => void; fail: (error: Error) => void; signal: AbortSignal }[] = []
  const shared = new SharedWork<string>({
    undo: (value) => {
      undone.push(value)
      return Promise.resolve()
    },
  })
  const make = (signal: AbortSignal): Promise<string> =>
    new Promise((end, fail) => {
      begun.push({ end, fail, signal })
      signal.addEventListener('abort', () => fail(signal.reason as Error))
    })
  const hold = (key: string, signal?: AbortSignal) => shared.hold({ key, make, signal })
  return { hold, begun, undone }
}

test('work is done once for all who want it at the same time, and for each key', async () => {
  const { hold, begun } = workshop()
  const holding = [hold('a'), hold('b'), hold('a'), hold('a')]
  expect(begun).toHaveLength(2)
  begun[0]?.end('picture a')
  begun[1]?.end('picture b')
  const held = await Promise.all([...holding, hold('a')])
  expect(held.map(({ value }) => value)).toEqual([
    'picture a',
    'picture b',
    'picture a',
    'picture a',
    'picture a',
  ])
  expect(begun).toHaveLength(2)
})

test('what was made stays until the last holder lets go, in whatever order, and is made anew after that', async () => {
  const { hold, begun, undone } = workshop()
  const holding = [hold('a'), hold('a'), hold('a')]
  begun[0]?.end('first')
  const [one, two, three] = await Promise.all(holding)
  await two?.release()
  await two?.release()
  await two?.release()
  await one?.release()
  expect(undone).toEqual([])
  await three?.release()
  expect(undone).toEqual(['first'])
  const again = hold('a')
  begun[1]?.end('second')
  expect((await again).value).toBe('second')
})

test('who leaves by his signal leaves the work to the others, also when it was he who began it', async () => {
  const { hold, begun, undone } = workshop()
  const leave = new AbortController()
  const first = hold('a', leave.signal)
  const second = hold('a')
  leave.abort()
  await expect(first).rejects.toMatchObject({ name: 'AbortError' })
  expect(begun[0]?.signal.aborted).toBe(false)
  begun[0]?.end('picture')
  const held = await second
  expect(held.value).toBe('picture')
  await held.release()
  expect(undone).toEqual(['picture'])
})

test('the last who leaves ends the work, and whoever comes then begins anew', async () => {
  const { hold, begun, undone } = workshop()
  const leave = new AbortController()
  const both = Promise.allSettled([hold('a', leave.signal), hold('a', leave.signal)])
  leave.abort()
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const next = hold('a')
  expect(begun.map(({ signal }) => signal.aborted)).toEqual([true, false])
  begun[1]?.end('picture')
  expect((await next).value).toBe('picture')
  expect(undone).toEqual([])
})

test('what was made though everybody had left is undone', async () => {
  const undone: string[] = []
  let end: (value: string) => void = () => undefined
  const shared = new SharedWork<string>({
    undo: (value) => {
      undone.push(value)
      return Promise.resolve()
    },
  })
  const leave = new AbortController()
  const make = (): Promise<string> => new Promise((resolve) => (end = resolve))
  const gone = shared.hold({ key: 'a', make, signal: leave.signal })
  leave.abort()
  end('too late')
  await expect(gone).rejects.toMatchObject({ name: 'AbortError' })
  expect(undone).toEqual(['too late'])
})

test('who comes with a signal that is aborted begins nothing', async () => {
  const { hold, begun } = workshop()
  await expect(hold('a', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  expect(begun).toHaveLength(0)
})

test('a failure is told to all who wait, and harms nobody who comes after it', async () => {
  const { hold, begun, undone } = workshop()
  const failing = [hold('a'), hold('a')]
  begun[0]?.fail(new Error('the machine failed'))
  await expect(failing[0]).rejects.toThrow('the machine failed')
  const next = hold('a')
  await expect(failing[1]).rejects.toThrow('the machine failed')
  begun[1]?.end('picture')
  const held = await next
  const another = await hold('a')
  expect(begun).toHaveLength(2)
  await held.release()
  expect(undone).toEqual([])
  await another.release()
  expect(undone).toEqual(['picture'])
})
