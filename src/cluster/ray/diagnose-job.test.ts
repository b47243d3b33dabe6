import { expect, test } from '@jest/globals'
import { diagnoseJob, type Diagnosis } from './diagnose-job.js'
import { RESOURCES_KEY } from './job-request.js'
import type { Job, RayNode } from './ray-answers.js'
import { LIVE, RUNNING } from './testing/dashboard.js'

const NOW = 101_000
const DEAD: RayNode = {
  ...LIVE,
  node_id: 'n2',
  node_ip: '10.0.0.2',
  is_head_node: false,
  state: 'DEAD',
  end_time_ms: 50_000,
}
const PENDING: Job = { ...RUNNING, status: 'PENDING', driver_node_id: null, driver_agent_http_address: null }

function diagnose({
  job = RUNNING,
  nodes = [LIVE],
  quietMs = 0,
}: {
  job?: Job
  nodes?: RayNode[]
  quietMs?: number | null
}): Diagnosis | null {
  return diagnoseJob({ job, nodes, now: NOW, quietMs, silentAfterMs: 60_000 })
}

test('a job that runs, has just begun or is over needs no word', () => {
  expect(diagnose({})).toBeNull()
  expect(diagnose({ quietMs: null })).toBeNull()
  expect(diagnose({ job: { ...PENDING, start_time: NOW - 5_000 } })).toBeNull()
  expect(diagnose({ job: { ...RUNNING, status: 'FAILED' }, quietMs: 1e9 })).toBeNull()
})

test.each<[string, Diagnosis['kind'], Parameters<typeof diagnose>[0], RegExp]>([
  ['no node lives', 'no-node', { job: PENDING, nodes: [DEAD] }, /none of the cluster's 1 nodes lives/],
  [
    'waits for nothing and is not begun',
    'no-agent',
    { job: PENDING },
    /PENDING for 100 s.*no agent begins it/,
  ],
  [
    'asks for more than any node has',
    'no-room',
    { job: { ...PENDING, start_time: NOW, metadata: { [RESOURCES_KEY]: '{"CPU":4,"GPU":1}' } } },
    /asks for CPU 4, GPU 1, which no live node has \(at most CPU 2, GPU 0\)/,
  ],
  [
    'waits for room',
    'preparing',
    { job: { ...PENDING, metadata: { [RESOURCES_KEY]: '{"CPU":2}' } } },
    /others take the room it asks for\.$/,
  ],
  [
    'waits for its environment',
    'preparing',
    { job: { ...PENDING, runtime_env: { working_dir: 'gcs://a.zip' } } },
    /its environment is being made, or no agent begins it \(runtime_env_agent\.log on the head node\)\.$/,
  ],
  [
    'its driver is dead with its node',
    'driver-lost',
    { job: { ...RUNNING, driver_node_id: 'n2' }, nodes: [LIVE, DEAD] },
    /node 10\.0\.0\.2 \(n2\), which ran its driver, is dead.*Ray will call it FAILED/,
  ],
  [
    'it failed with its node',
    'driver-lost',
    { job: { ...RUNNING, status: 'FAILED', driver_node_id: 'n2' }, nodes: [LIVE, DEAD] },
    /^FAILED: .*another --id/,
  ],
  ['another node died meanwhile', 'nodes-lost', { nodes: [LIVE, DEAD] }, /1 of 2 nodes died since it began/],
  [
    'its log stands still after another node died',
    'silent',
    { nodes: [LIVE, DEAD], quietMs: 61_000 },
    /1 of 2 nodes died since it began .*not grown for 61 s/,
  ],
  ['its log stands still', 'silent', { quietMs: 61_000 }, /all 1 nodes live.*not grown for 61 s/],
])('%s: %s, in one line', (_, kind, given, line) => {
  const diagnosis = diagnose(given)
  expect(diagnosis?.kind).toBe(kind)
  expect(diagnosis?.line).toMatch(line)
  expect(diagnosis?.line).not.toContain('\n')
})

test('a node that had died before the job began is none of its troubles', () => {
  expect(diagnose({ nodes: [LIVE, { ...DEAD, end_time_ms: 500 }] })).toBeNull()
})

test("somebody else's note under our name is not believed", () => {
  for (const noted of ['no JSON', '{"CPU":"many"}'])
    expect(diagnose({ job: { ...PENDING, metadata: { [RESOURCES_KEY]: noted } } })?.kind).toBe('no-agent')
})
