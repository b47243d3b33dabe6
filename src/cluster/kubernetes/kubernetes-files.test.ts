import { expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { UsageError } from '../../core/errors.js'
import { shardedCommand, type ShardedCommand } from '../shards/sharded-command.js'
import { kubernetesFiles } from './kubernetes-files.js'
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
    resources: unknown
  }[]
  volumes: unknown[]
}

const SETTINGS: KubernetesSettings = {
  image: 'registry/evaluation:1',
  ...{ parallelism: 2, retries: 3, cpus: 2, memory: 8 },
  ...{ secret: 'keys', environment: {} },
  containment: { kind: 'user-namespace', user: 1000 },
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
  expect(container?.command.at(-1)).toContain('codevision eval --runtime bubblewrap ')
})

test('a pod of a user namespace has no rights, one with CAP_SYS_ADMIN says so, and the merge of the latter may only write', () => {
  const { shards, merge } = jobs()
  expect(shards.spec.template.spec).toMatchObject({
    hostUsers: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000 },
    containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
  })
  const root = jobs({ containment: { kind: 'sys-admin' } })
  expect(root.shards.spec.template.spec.hostUsers).toBeUndefined()
  expect(root.shards.spec.template.spec.containers[0]?.securityContext).toMatchObject({
    capabilities: { drop: ['ALL'], add: expect.arrayContaining(['SYS_ADMIN']) },
  })
  for (const { spec } of [merge, root.merge])
    expect(spec.template.spec).toMatchObject({
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ securityContext: { allowPrivilegeEscalation: false } }],
    })
  expect(merge.spec.template.spec.containers[0]?.securityContext.capabilities).toEqual({ drop: ['ALL'] })
  // It writes beside what the shards of root wrote, into a folder that may be another's.
  expect(root.merge.spec.template.spec.containers[0]?.securityContext.capabilities).toEqual({
    ...{ drop: ['ALL'], add: ['DAC_OVERRIDE'] },
  })
})

test('what Kubernetes would replace in commands and variables is written so that it stays', () => {
  const line = 'codevision eval /data/$(HOME)$$a$b.parquet --name mine --output /shared'
  const [container] = jobs({ environment: { A: '$(B)' } }, line).shards.spec.template.spec.containers
  expect(container?.command.at(-1)).toContain("'/data/$$(HOME)$$$a$b.parquet'")
  expect(container?.env).toEqual([{ name: 'A', value: '$$(B)' }])
})

test('of claims whose folders hold each other the inner one is written', () => {
  const volumes = { data: '/shared', runs: '/shared/runs' }
  const { merge, shards } = jobs({ volumes })
  for (const { spec } of [shards, merge])
    expect(spec.template.spec.containers[0]?.volumeMounts).toMatchObject([
      { mountPath: '/shared', readOnly: true },
      { mountPath: '/shared/runs' },
      ...(spec.completions === undefined ? [] : [{ mountPath: '/dev/shm' }]),
    ])
  const [, runs] = merge.spec.template.spec.containers[0]?.volumeMounts ?? []
  expect(runs?.readOnly).toBeUndefined()
})

test('claims whose names differ little are volumes of their own', () => {
  const { volumes } = jobs({ volumes: { runs: '/shared', 'a.b': '/d1', 'a-b': '/d2' } }).shards.spec.template
    .spec
  expect(volumes.slice(0, 3)).toEqual([
    { name: 'claim-1', persistentVolumeClaim: { claimName: 'runs' } },
    { name: 'claim-2', persistentVolumeClaim: { claimName: 'a.b' } },
    { name: 'claim-3', persistentVolumeClaim: { claimName: 'a-b' } },
  ])
})

test('amounts are written as Kubernetes reads them', () => {
  const { containers, volumes } = jobs({ memory: 0.3, cpus: 0.1 + 0.2 }).shards.spec.template.spec
  expect(containers[0]?.resources).toEqual({
    requests: { cpu: '301m', memory: '308Mi' },
    limits: { memory: '308Mi' },
  })
  expect(volumes.at(-1)).toMatchObject({ emptyDir: { sizeLimit: '154Mi' } })
})

test('a pod of a run whose merged one is there is refused before it evaluates', () => {
  const [container] = jobs().shards.spec.template.spec.containers
  expect(container?.command.at(-1)).toMatch(
    /^if \[ -e \/shared\/runs\/mine \]; then\n.*\n {2}exit 2\nfi\n[^]*eval/m,
  )
})

test.each<[string, Partial<KubernetesSettings>, string?]>([
  ['--volume', { volumes: {} }],
  ['--secret', { secret: 'My Keys' }],
  ['--env OPENAI_API_KEY', { environment: { OPENAI_API_KEY: 'x' } }],
  ['--env OPENAI_APIKEY', { environment: { OPENAI_APIKEY: 'x' } }],
  ['--env OPENAI_BASE_URL', { environment: { OPENAI_BASE_URL: 'http://u:pw@h/v1' } }],
  ['--env', { environment: { '1A': 'x' } }],
  ['the command behind --', {}, 'codevision eval x --base-url http://u:pw@h/v1 --name mine --output /shared'],
  ['--no-runtime', {}, 'codevision eval x --no-runtime --name mine --output /shared'],
  ['--parallelism', { parallelism: 0 }],
  ['--retries', { retries: -1 }],
  ['--memory', { memory: 0 }],
  ['--cpus', { cpus: Number.NaN }],
  ['--memory', { memory: 1e-7 }],
  ['--memory', { memory: 1e20 }],
  ['--retries', { retries: 1e10 }],
  ['--user', { containment: { kind: 'user-namespace', user: 0 } }],
  ['--user', { containment: { kind: 'user-namespace', user: 65_536 } }],
  ['--image', { image: 'a b' }],
  ['--runtime', {}, 'codevision eval x --runtime none --name mine --output /shared'],
  ['--sandbox-socket', {}, 'codevision eval x --sandbox-socket=/s --name mine --output /shared'],
])('%s is refused where it is not what was expected', (option, settings, ...[line]) => {
  expect(() => jobs(settings, line)).toThrow(UsageError)
  expect(() => jobs(settings, line)).toThrow(`${option}: expected`)
})
