import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { UsageError } from '../../core/errors.js'
import { shardedCommand, type ShardedCommand } from '../shards/sharded-command.js'
import { jobNames, kubernetesFiles } from './kubernetes-files.js'
import type { KubernetesSettings } from './kubernetes-settings.js'

interface Job {
  metadata: { name: string }
  spec: {
    completionMode?: string
    completions?: number
    parallelism?: number
    backoffLimitPerIndex?: number
    template: { spec: PodSpec }
  }
}

interface PodSpec {
  hostUsers?: boolean
  securityContext: Record<string, unknown>
  containers: {
    command: string[]
    env?: unknown
    envFrom?: unknown
    securityContext: Record<string, unknown>
    volumeMounts: { mountPath: string; readOnly?: boolean }[]
  }[]
}

const SETTINGS: KubernetesSettings = {
  image: 'registry/evaluation:1',
  ...{ parallelism: 2, retries: 3, cpus: 2, memory: 8, user: 1000 },
  ...{ containment: 'user-namespace', secret: 'keys', environment: {} },
  volumes: { runs: '/shared', rows: '/data' },
}

function command(
  line = 'codevision eval /data/rows.parquet --name mine --output /shared/runs',
): ShardedCommand {
  return shardedCommand({ words: line.split(' '), shards: 4 })
}

function jobs(settings: Partial<KubernetesSettings> = {}, line?: string): { shards: Job; merge: Job } {
  const files = kubernetesFiles({ command: command(line), settings: { ...SETTINGS, ...settings } })
  return { shards: parse(files['shards.yaml'] ?? '') as Job, merge: parse(files['merge.yaml'] ?? '') as Job }
}

test('an index for each shard, so many at once, each with tries of its own', () => {
  const { spec, metadata } = jobs().shards
  expect(metadata.name).toBe('mine-shards')
  expect(spec).toMatchObject({
    ...{ completionMode: 'Indexed', completions: 4, parallelism: 2, backoffLimitPerIndex: 3 },
    podReplacementPolicy: 'Failed',
  })
  expect(jobs({ parallelism: 9 }).shards.spec.parallelism).toBe(4)
})

test('the claim of the runs is written, the others are read; keys come from the Secret', () => {
  const [container] = jobs().shards.spec.template.spec.containers
  expect(container?.volumeMounts.map(({ mountPath, readOnly }) => [mountPath, readOnly])).toEqual([
    ['/shared', undefined],
    ['/data', true],
    ['/dev/shm', undefined],
  ])
  expect(container).toMatchObject({ envFrom: [{ secretRef: { name: 'keys' } }] })
  expect(jobs({ secret: null }).shards.spec.template.spec.containers[0]?.envFrom).toBeUndefined()
})

test('the sandbox is named in the command, so that no configuration runs the code uncontained', () => {
  const [container] = jobs().shards.spec.template.spec.containers
  expect(container?.command.at(-1)).toContain(' --runtime bubblewrap ')
})

test('a pod of a user namespace has no rights, one with CAP_SYS_ADMIN says so, and the merge never has any', () => {
  const { shards, merge } = jobs()
  expect(shards.spec.template.spec).toMatchObject({
    hostUsers: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000 },
    containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
  })
  const root = jobs({ containment: 'sys-admin' })
  expect(root.shards.spec.template.spec.hostUsers).toBeUndefined()
  expect(root.shards.spec.template.spec.containers[0]?.securityContext).toMatchObject({
    capabilities: { drop: ['ALL'], add: expect.arrayContaining(['SYS_ADMIN']) },
  })
  for (const { spec } of [merge, root.merge])
    expect(spec.template.spec).toMatchObject({
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ securityContext: { capabilities: { drop: ['ALL'] } } }],
    })
})

test('what Kubernetes would replace in commands and variables is written so that it stays', () => {
  const line = 'codevision eval /data/$(HOME)$$a$b.parquet --name mine --output /shared'
  const [container] = jobs({ environment: { A: '$(B)' } }, line).shards.spec.template.spec.containers
  expect(container?.command.at(-1)).toContain("'/data/$$(HOME)$$$a$b.parquet'")
  expect(container?.env).toEqual([{ name: 'A', value: '$$(B)' }])
})

test.each([
  ['My_run.V2', 'my-run-v2-shards'],
  ['_', 'shards'],
  ['a'.repeat(80), `${'a'.repeat(40)}-shards`],
])('the run %s has Jobs whose names Kubernetes takes', (name, shards) => {
  expect(jobNames({ ...command(), name }).shards).toBe(shards)
})

test.each<[string, Partial<KubernetesSettings>, string?]>([
  ['--volume', { volumes: {} }],
  ['--volume', { volumes: { runs: '/shared2' } }],
  ['--volume', { volumes: { Runs_1: '/shared' } }],
  ['--volume runs', { volumes: { runs: 'shared' } }],
  ['--volume runs', { volumes: { runs: '/tmp' } }],
  ['--volume', { volumes: { runs: '/shared', other: '/shared' } }],
  ['--secret', { secret: 'My Keys' }],
  ['--env OPENAI_API_KEY', { environment: { OPENAI_API_KEY: 'x' } }],
  ['--env HF_TOKEN', { environment: { HF_TOKEN: 'x' } }],
  ['--parallelism', { parallelism: 0 }],
  ['--retries', { retries: -1 }],
  ['--memory', { memory: 0 }],
  ['--cpus', { cpus: Number.NaN }],
  ['--user', { user: 0 }],
  ['--image', { image: 'a b' }],
  ['--runtime', {}, 'codevision eval x --runtime none --name mine --output /shared'],
  ['--sandbox-socket', {}, 'codevision eval x --sandbox-socket=/s --name mine --output /shared'],
])('%s is refused where it is not what was expected', (option, settings, ...[line]) => {
  expect(() => jobs(settings, line)).toThrow(UsageError)
  expect(() => jobs(settings, line)).toThrow(`${option}: expected`)
})
