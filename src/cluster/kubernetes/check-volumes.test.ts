import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { checkVolumes } from './check-volumes.js'

const check =
  (volumes: Record<string, string>, output = '/shared/runs') =>
  (): void =>
    checkVolumes({ output, volumes })

test.each([
  [{ runs: '/shared' }],
  [{ runs: '/shared', data: '/data/a-1_b.c' }],
  [{ runs: '/shared/runs', data: '/shared' }],
  [{ runs: '/shared', scratch: '/tmp/scratch', others: '/users', 'a.b-c': '/development' }],
])('%j is taken', (volumes) => {
  expect(check(volumes)).not.toThrow()
})

test.each([
  ['/dev/shm', '/dev'],
  ['/dev', '/dev'],
  ['/var/cache/codevision', '/var'],
  ['/var/cache/codevision/python', '/var'],
  ['/usr/local/bin', '/usr'],
  ['/opt', '/opt'],
  ['/proc/self', '/proc'],
  ['/tmp', '/tmp'],
])('%s would hide what the image has in %s: refused', (folder, own) => {
  expect(check({ runs: '/shared', other: folder })).toThrow(UsageError)
  expect(check({ runs: '/shared', other: folder })).toThrow(
    `--volume other: expected CLAIM=FOLDER with a folder of its own in the pod, such as /shared, got "${folder}", where the image has its ${own}`,
  )
})

test.each(['/shared/', 'shared', '/', '/shared/../usr', '/shared/.', '/a b', '//shared'])(
  '%s is no folder to show a claim at, and what is wrong is said',
  (folder) => {
    expect(check({ runs: folder })).toThrow('--volume runs: expected CLAIM=FOLDER with an absolute folder')
    expect(check({ runs: folder })).toThrow('without a slash at its end')
  },
)

test.each([
  [{}, 'that holds --output /shared/runs, got none'],
  [{ runs: '/shared2' }, 'that holds --output /shared/runs, got /shared2'],
  [{ Runs_1: '/shared' }, 'the name of an object in Kubernetes'],
  [{ 'a..b': '/shared' }, 'the name of an object in Kubernetes'],
  [{ runs: '/shared', other: '/shared' }, 'got /shared twice'],
])('%j is refused', (volumes, said) => {
  expect(check(volumes)).toThrow(said)
})
