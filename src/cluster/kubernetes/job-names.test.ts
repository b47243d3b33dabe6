import { expect, test } from '@jest/globals'
import { jobNames } from './job-names.js'

test('a name that Kubernetes takes is that of the Jobs', () => {
  expect(jobNames({ name: 'mine-2' })).toEqual({ shards: 'mine-2-shards', merge: 'mine-2-merge' })
  expect(jobNames({ name: 'a'.repeat(40) }).shards).toBe(`${'a'.repeat(40)}-shards`)
})

test.each([
  ['My_run.V2', /^my-run-v2-[0-9a-f]{8}-shards$/],
  ['_', /^[0-9a-f]{8}-shards$/],
  ['a'.repeat(80), /^a{31}-[0-9a-f]{8}-shards$/],
  [`${'a'.repeat(30)}.${'b'.repeat(30)}`, /^a{30}-[0-9a-f]{8}-shards$/],
])('the run %s, changed or cut, has Jobs with a part of its hash', (name, shards) => {
  expect(jobNames({ name }).shards).toMatch(shards)
})

test('runs whose names differ have Jobs whose names differ', () => {
  const long = 'a'.repeat(40)
  const names = ['my-run', 'my_run', 'My-run', 'my--run', '-my-run', `${long}-1`, `${long}-2`, long]
  expect(new Set(names.map((name) => jobNames({ name }).shards)).size).toBe(names.length)
})
