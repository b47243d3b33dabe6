import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createFakeClock } from '../../llm/testing/fake-clock.js'
import { startScriptedServer } from '../../llm/testing/scripted-server.js'
import { createRayClient, type RayClient } from './ray-client.js'
import { stopJob } from './stop-job.js'
import { RUNNING, startDashboard, type TestDashboard } from './testing/dashboard.js'

let dashboard: TestDashboard
let client: RayClient

beforeEach(async () => {
  dashboard = await startDashboard()
  client = createRayClient({ address: dashboard.address, clock: createFakeClock() })
})

afterEach(() => dashboard.close())

test('jobs, nodes and logs are read', async () => {
  dashboard.jobs.set('mine', RUNNING)
  dashboard.logs.set('mine', 'a line\n')
  expect(await client.job('mine')).toEqual(RUNNING)
  expect(await client.jobs()).toEqual([RUNNING])
  expect((await client.nodes()).map(({ node_id: id, state }) => [id, state])).toEqual([['n1', 'ALIVE']])
  expect(await client.logs('mine')).toBe('a line\n')
  expect(await client.version()).toBe('2.60.0')
})

test('a job that is not there is null, and what is asked of it an error that says where to look', async () => {
  expect(await client.job('none')).toBeNull()
  await expect(client.logs('none')).rejects.toThrow('codevision cluster status')
  await expect(stopJob({ client, id: 'none' })).rejects.toThrow('has no job "none"')
})

test('a job is stopped, and one that is over is left as it is', async () => {
  dashboard.jobs.set('mine', RUNNING)
  expect(await stopJob({ client, id: 'mine' })).toMatchObject({
    outcome: 'stopped',
    job: { status: 'STOPPED' },
  })
  expect((await stopJob({ client, id: 'mine' })).outcome).toBe('was-over')
  expect(dashboard.requests.filter((one) => one.endsWith('/stop'))).toHaveLength(1)
})

test('a job that has not begun is told, and not waited for; one that does not end is an error', async () => {
  const clock = createFakeClock()
  dashboard.heedsStop = false
  dashboard.jobs.set('mine', { ...RUNNING, status: 'PENDING' })
  expect((await stopJob({ client, id: 'mine', clock })).outcome).toBe('told')
  dashboard.jobs.set('mine', RUNNING)
  await expect(stopJob({ client, id: 'mine', clock })).rejects.toThrow('has not within 120 s')
})

test('a dashboard that fails for a moment is asked again', async () => {
  dashboard.jobs.set('mine', RUNNING)
  dashboard.faults.push({ on: 'GET', how: 'dropped' }, { on: 'GET', how: 503 })
  expect((await client.job('mine'))?.status).toBe('RUNNING')
  expect(dashboard.requests).toHaveLength(3)
})

test('an address where nothing is, and one that is none, are told with what to do', async () => {
  const { address } = dashboard
  await dashboard.close()
  await expect(client.jobs()).rejects.toThrow(/ECONNREFUSED.*\.\nExpected.*ray start --head/)
  expect(() => createRayClient({ address: 'localhost:8265' })).toThrow('http://127.0.0.1:8265')
  expect(() => createRayClient({ address, token: 'a b' })).toThrow('RAY_AUTH_TOKEN')
  dashboard = await startDashboard()
})

test('another server than a dashboard is told for what it is, and a token is in no message', async () => {
  const server = await startScriptedServer({
    handler: ({ headers, path }) =>
      path.endsWith('/version')
        ? { status: 200, body: { status: `hello ${headers.authorization}` } }
        : { status: 400, body: `who is ${headers.authorization}?` },
  })
  try {
    const other = createRayClient({ address: server.baseUrl, token: 'secret-token' })
    await expect(other.version()).rejects.toThrow(
      /not as a Ray dashboard does: ray_version.*Bearer \[secret\]/,
    )
    await expect(other.jobs()).rejects.toThrow('who is Bearer [secret]?')
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/api/version', '/v1/api/jobs/'])
    expect(server.requests[0]?.headers.authorization).toBe('Bearer secret-token')
  } finally {
    await server.close()
  }
})
