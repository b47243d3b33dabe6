import { expect, test } from '@jest/globals'
import { DEFAULT_SERVICE_LIMITS, type ServiceLimits } from './service-limits.js'
import { SessionTable, type LeasedSession, type OpenSession } from './session-table.js'

/** A session that tells why it was closed. */
class Closable implements LeasedSession {
  readonly heldBytes = 1
  readonly isBusy = false
  readonly isOver = false
  readonly closed: Error[] = []

  async close(reason: Error): Promise<void> {
    this.closed.push(reason)
  }

  async abortCalls(): Promise<void> {}
}

const one = { client: 'me', id: 'a' }
const reason = new Error('not wanted any more')

function table(limits: Partial<ServiceLimits> = {}): SessionTable<Closable> {
  return new SessionTable({
    ...{ limits: { ...DEFAULT_SERVICE_LIMITS, ...limits }, leaseMs: 60_000, now: () => 0 },
    ...{ onExpired: () => undefined, onCloseFailed: () => undefined },
  })
}

/** A session whose start ends when it is told to. */
function slow(): {
  opening: OpenSession<Closable>
  session: Closable
  ready: () => void
  fail: (error: Error) => void
} {
  const session = new Closable()
  let ready: () => void = () => undefined
  let fail: (error: Error) => void = () => undefined
  const started = new Promise<Closable>((resolve, reject) => {
    ready = () => resolve(session)
    fail = reject
  })
  return { opening: { ...one, fingerprint: 'f', images: 1, start: () => started }, session, ready, fail }
}

test('a session that is ended while it is opened is closed, and who waits for it gets the reason', async () => {
  const sessions = table()
  const { opening, session, ready } = slow()
  const openers = [sessions.open(opening), sessions.open(opening)].map((opened) =>
    expect(opened).rejects.toBe(reason),
  )
  let isClosed = false
  const closing = sessions.close({ ...one, reason }).then(() => (isClosed = true))
  await new Promise(setImmediate)
  expect(isClosed).toBe(false)
  ready()
  await Promise.all([closing, ...openers])
  expect(session.closed).toEqual([reason])
  expect(sessions.size).toBe(0)
  expect(() => sessions.find(one)).toThrow('There is no session a')
})

test('a session that is ended and then cannot be opened is gone, and its opener is told why', async () => {
  const sessions = table()
  const { opening, fail } = slow()
  const opener = expect(sessions.open(opening)).rejects.toThrow('no picture')
  const closing = sessions.close({ ...one, reason })
  fail(new Error('no picture'))
  await Promise.all([closing, opener])
  expect(sessions.size).toBe(0)
})

test('the id of a session that was ended while it was opened may be taken by another one', async () => {
  const sessions = table()
  const [first, second] = [slow(), slow()]
  const opener = expect(sessions.open(first.opening)).rejects.toBe(reason)
  const released = sessions.release({ ...one, reason })
  const other = sessions.open({ ...second.opening, fingerprint: 'g' })
  second.ready()
  await other
  first.ready()
  await Promise.all([released, opener])
  expect(sessions.find(one)).toBe(second.session)
  expect([first.session.closed, second.session.closed]).toEqual([[reason], []])
})

test('what is opened when all are ended is closed, and does not come back', async () => {
  const sessions = table()
  const { opening, session, ready } = slow()
  const opener = expect(sessions.open(opening)).rejects.toBe(reason)
  const closing = sessions.closeAll(reason)
  ready()
  await Promise.all([closing, opener])
  expect(session.closed).toEqual([reason])
  expect(sessions.size).toBe(0)
})

test('a session that was never opened cannot be ended', async () => {
  await expect(table().close({ ...one, reason })).rejects.toMatchObject({ status: 404 })
})

test('what sessions take while they are opened counts at once, and is given back where one does not come to be', async () => {
  const sessions = table({ heldBytes: 10 })
  const opened = ['a', 'b', 'c', 'd'].map((id, index) =>
    sessions.open({
      ...{ client: 'me', id, fingerprint: id, images: 1 },
      start: async (_id, reserve) => {
        reserve(6)
        await new Promise(setImmediate)
        // What it has itself does not stand in its way.
        reserve(6)
        if (index === 0) throw reason
        return new Closable()
      },
    }),
  )
  expect(sessions.heldBytes).toBe(12)
  const refused = {
    reason: expect.objectContaining({ status: 429, code: 'images_full', retryAfterSeconds: 5 }),
  }
  expect(await Promise.allSettled(opened)).toMatchObject([
    { reason },
    { status: 'fulfilled' },
    refused,
    refused,
  ])
  expect([sessions.heldBytes, sessions.size]).toEqual([1, 1])
})

test('what a session has taken stays taken while it is opened, though it is ended; it takes no more', async () => {
  const sessions = table({ heldBytes: 10 })
  const { opening, session, ready } = slow()
  const opened = sessions.open({
    ...opening,
    start: async (id, reserve) => {
      reserve(9)
      await opening.start(id, reserve)
      expect(() => reserve(1)).toThrow(reason)
      return session
    },
  })
  const closing = sessions.close({ ...one, reason })
  expect([sessions.heldBytes, sessions.size]).toEqual([9, 0])
  ready()
  await expect(opened).rejects.toBe(reason)
  await closing
  expect(session.closed).toEqual([reason])
  expect(sessions.heldBytes).toBe(0)
})
