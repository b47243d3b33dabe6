import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { ClusterError, UsageError } from '../../core/errors.js'
import { createFakeClock } from '../../llm/testing/fake-clock.js'
import { createRayClient } from './ray-client.js'
import { submitJob, type Submission } from './submit-job.js'
import { startDashboard, type TestDashboard } from './testing/dashboard.js'

let dashboard: TestDashboard

beforeEach(async () => {
  dashboard = await startDashboard()
})

afterEach(() => dashboard.close())

const spec = { entrypoint: 'true', environment: {}, metadata: {}, resources: {} }
const workingDirectory = { name: 'codevision_ab.zip', data: Buffer.from([0x50, 0x4b, 0xff, 0x00]), files: 1 }

function submit(changes: Partial<Parameters<typeof submitJob>[0]> = {}): Promise<Submission> {
  const clock = createFakeClock()
  const client = createRayClient({ address: dashboard.address, clock })
  return submitJob({ client, spec, workingDirectory: null, clock, ...changes })
}
const posts = (): number => dashboard.requests.filter((one) => one === 'POST /api/jobs/').length

test('a job is submitted with its package, which is sent once and byte for byte', async () => {
  const first = await submit({ workingDirectory })
  expect(first).toMatchObject({ isNew: true, uploaded: 4 })
  expect(dashboard.packages.get('codevision_ab.zip')).toEqual(workingDirectory.data)
  expect(dashboard.jobs.get(first.id)?.runtime_env).toEqual({ working_dir: 'gcs://codevision_ab.zip' })
  const other = await submit({ workingDirectory, spec: { ...spec, entrypoint: 'false' } })
  expect(other).toMatchObject({ isNew: true, uploaded: 0 })
})

test('the same submission, made twice, is one job', async () => {
  const first = await submit()
  expect(await submit()).toMatchObject({ id: first.id, isNew: false })
  expect(posts()).toBe(1)
})

test('a job whose answer was lost is found, and not submitted twice', async () => {
  dashboard.faults.push({ on: 'POST /api/jobs/', how: 'lost' })
  expect(await submit()).toMatchObject({ isNew: true, job: { status: 'RUNNING' } })
  expect(posts()).toBe(1)
})

test('a job that was not taken is submitted again, and given up with the reason in the end', async () => {
  dashboard.faults.push({ on: 'POST', how: 500 }, { on: 'POST', how: 'dropped' })
  expect((await submit()).isNew).toBe(true)
  expect(posts()).toBe(3)
  for (let at = 0; at < 5; at++) dashboard.faults.push({ on: 'POST', how: 500 })
  const failed = submit({ id: 'other' })
  await expect(failed).rejects.toThrow(ClusterError)
  await expect(failed).rejects.toThrow(/answered 500: "a traceback"\.\n.*dashboard_agent.log/)
})

test('what no repetition changes is not repeated', async () => {
  dashboard.faults.push({ on: 'POST', how: 403 })
  await expect(submit()).rejects.toThrow('RAY_AUTH_TOKEN')
  expect(posts()).toBe(1)
})

test('a name that another job has is refused, and that job is left alone', async () => {
  await submit({ id: 'mine' })
  const again = submit({ id: 'mine', spec: { ...spec, entrypoint: 'false' } })
  await expect(again).rejects.toThrow(UsageError)
  await expect(again).rejects.toThrow('another job of this name (RUNNING: true)')
  expect(dashboard.jobs.get('mine')?.entrypoint).toBe('true')
})
