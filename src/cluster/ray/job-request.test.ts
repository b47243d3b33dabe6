import { expect, test } from '@jest/globals'
import { createJobRequest, type JobSpec } from './job-request.js'

const spec: JobSpec = {
  entrypoint: 'codevision doctor',
  packageName: 'codevision_ab.zip',
  environment: { B: '2', A: '1' },
  metadata: { who: 'me' },
  resources: { cpus: 1.5, gpus: 0, others: { sandbox: 1 } },
}

test('a request has the fields of the Jobs API, and metadata of texts alone', () => {
  const request = createJobRequest({ spec, id: 'mine' })
  expect(request).toMatchObject({
    entrypoint: 'codevision doctor',
    submission_id: 'mine',
    runtime_env: { working_dir: 'gcs://codevision_ab.zip', env_vars: { A: '1', B: '2' } },
    entrypoint_num_cpus: 1.5,
    entrypoint_num_gpus: 0,
    entrypoint_resources: { sandbox: 1 },
  })
  expect(request.metadata).toEqual({
    who: 'me',
    codevision_resources: '{"CPU":1.5,"sandbox":1}',
    codevision_digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(request).not.toHaveProperty('entrypoint_memory')
})

test('the same submission has the same id, in whatever order it is said; another one has another', () => {
  const idOf = (changes: Partial<JobSpec>): string =>
    createJobRequest({ spec: { ...spec, ...changes }, id: null }).submission_id
  const ids = [
    idOf({}),
    idOf({ entrypoint: 'codevision setup' }),
    idOf({ packageName: 'codevision_cd.zip' }),
    idOf({ packageName: null }),
    idOf({ environment: { A: '1', B: '3' } }),
    idOf({ resources: {} }),
    idOf({ metadata: {} }),
  ]
  expect(idOf({ environment: { A: '1', B: '2' } })).toBe(ids[0])
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids[0]).toMatch(/^codevision-[0-9a-f]{16}$/)
})

test('an id that would not fit into an address, and metadata under a name of ours, are refused', () => {
  expect(() => createJobRequest({ spec, id: 'a/b' })).toThrow('--id: expected')
  expect(() =>
    createJobRequest({ spec: { ...spec, metadata: { codevision_digest: 'x' } }, id: null }),
  ).toThrow('codevision_digest')
})
