import { expect, test } from '@jest/globals'
import { containmentOf } from './containment.js'

const common = { isRoot: true, memoryBytes: 2 ** 30, concurrency: 4 }

test('where a group bounds all together, it is named with its limits', () => {
  const containment = containmentOf({
    ...common,
    runtime: 'docker',
    group: { memoryBytes: 2 ** 32, pids: 256 },
  })
  expect(containment).toMatchObject({
    files: 'image, read-only',
    'memory of all': 'group of 4096 MiB',
    'processes of all': 'group of 256',
  })
})

test('where none does, the substitute is named', () => {
  const containment = containmentOf({
    ...common,
    isRoot: false,
    runtime: 'bubblewrap',
    group: { memoryBytes: null, pids: null },
  })
  expect(containment).toMatchObject({
    user: 'uid 65532 of an own user namespace',
    'memory of all': 'no group: 1024 MiB a call × 4 calls at a time',
    'processes of all': 'no group: workers may start none',
  })
})

test('without a container only the worker is left, and that is said', () => {
  const { files, network } = containmentOf({
    ...common,
    runtime: 'none',
    group: { memoryBytes: null, pids: null },
  })
  expect([files, network]).toEqual(['of the worker alone: Landlock', 'of the worker alone: seccomp'])
})
