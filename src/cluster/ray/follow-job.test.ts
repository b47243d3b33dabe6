import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { followJob } from './follow-job.js'
import type { Job } from './ray-answers.js'
import { createRayClient } from './ray-client.js'
import { LIVE, RUNNING, startDashboard, type TestDashboard } from './testing/dashboard.js'

let dashboard: TestDashboard

beforeEach(async () => {
  dashboard = await startDashboard()
  dashboard.jobs.set('mine', RUNNING)
})

afterEach(() => dashboard.close())

interface Seen {
  log: string
  statuses: string[]
  troubles: string[]
  end: Promise<Job>
}

function follow(changes: Partial<Parameters<typeof followJob>[0]> = {}): Seen {
  const seen = { log: '', statuses: [] as string[], troubles: [] as string[] }
  const end = followJob({
    client: createRayClient({ address: dashboard.address }),
    id: 'mine',
    onLog: (text) => (seen.log += text),
    onStatus: ({ status }) => seen.statuses.push(status),
    onTrouble: (line) => seen.troubles.push(line),
    pollMs: 5,
    ...changes,
  })
  return Object.assign(seen, { end })
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(2)
}

/** What a job writes goes to whoever follows, and stays. */
function write(text: string): void {
  dashboard.logs.set('mine', `${dashboard.logs.get('mine') ?? ''}${text}`)
  for (const socket of dashboard.sockets) socket.send(text)
}

test('a log is followed to its end, over connections that break, each character once', async () => {
  write('first\n')
  const seen = follow()
  await until(() => seen.log === 'first\n')
  write('second\n')
  await until(() => seen.log === 'first\nsecond\n')
  for (const socket of dashboard.sockets) socket.terminate()
  await until(() => dashboard.sockets.size === 0)
  write('third\n')
  await until(() => seen.log.endsWith('third\n'))
  // What comes between the last message and the end is read from the whole.
  dashboard.logs.set('mine', `${dashboard.logs.get('mine')}last\n`)
  dashboard.jobs.set('mine', { ...RUNNING, status: 'SUCCEEDED' })
  expect((await seen.end).status).toBe('SUCCEEDED')
  expect(seen.log).toBe('first\nsecond\nthird\nlast\n')
  expect(seen.statuses).toEqual(['RUNNING', 'SUCCEEDED'])
  expect(seen.troubles).toEqual([])
})

test('a node that dies is told once, and its log is not asked for', async () => {
  const seen = follow()
  await until(() => seen.statuses.length === 1)
  dashboard.nodes.splice(0, 1, { ...LIVE, state: 'DEAD', end_time_ms: 2_000 })
  await until(() => seen.troubles.length === 1)
  dashboard.jobs.set('mine', { ...RUNNING, status: 'FAILED' })
  expect((await seen.end).status).toBe('FAILED')
  expect(seen.troubles).toHaveLength(1)
  expect(seen.troubles[0]).toContain('10.0.0.1 (n1), which ran its driver, is dead')
  expect(dashboard.requests).not.toContain('GET /api/jobs/mine/logs')
})

test('each node that dies is told, and each once', async () => {
  const seen = follow()
  await until(() => seen.statuses.length === 1)
  const other = (id: string): (typeof dashboard.nodes)[number] => ({
    ...LIVE,
    ...{ node_id: id, state: 'DEAD', end_time_ms: 2_000 },
  })
  for (const [lost, id] of ['n2', 'n3'].entries()) {
    dashboard.nodes.push(other(id))
    await until(() => seen.troubles.length === lost + 1)
    const { length } = dashboard.requests
    await until(() => dashboard.requests.length > length + 6)
  }
  dashboard.jobs.set('mine', { ...RUNNING, status: 'SUCCEEDED' })
  await seen.end
  expect(seen.troubles).toEqual([
    expect.stringContaining('1 of 2 nodes died'),
    expect.stringContaining('2 of 3 nodes died'),
  ])
})

test('a log that stands still is told once', async () => {
  write('one line\n')
  const seen = follow({ silentAfterMs: 20 })
  await until(() => seen.troubles.length === 1)
  expect(seen.troubles[0]).toContain('its log has not grown')
  const { length } = dashboard.requests
  await until(() => dashboard.requests.length > length + 6)
  dashboard.jobs.set('mine', { ...RUNNING, status: 'STOPPED' })
  await seen.end
  expect(seen.troubles).toHaveLength(1)
})

test('whoever leaves is let go at once, and the job goes on', async () => {
  const leave = new AbortController()
  const seen = follow({ signal: leave.signal })
  await until(() => seen.statuses.length === 1)
  leave.abort()
  await expect(seen.end).rejects.toMatchObject({ name: 'AbortError' })
  expect(dashboard.jobs.get('mine')?.status).toBe('RUNNING')
})

test('a job that is not there is an error', async () => {
  await expect(follow({ id: 'none' }).end).rejects.toThrow('has no job "none"')
})
