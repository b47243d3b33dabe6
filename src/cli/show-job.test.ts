import { expect, test } from '@jest/globals'
import { RUNNING } from '../cluster/ray/testing/dashboard.js'
import { showJob, showJobs } from './show-job.js'

test('jobs are listed, the newest first, those without submission by the number of Ray', () => {
  const old = { ...RUNNING, status: 'FAILED' as const, end_time: 3_000 }
  const driver = {
    ...RUNNING,
    submission_id: null,
    start_time: 60_000,
    entrypoint: `python ${'x'.repeat(99)}`,
  }
  const [first, second] = showJobs([old, driver], 3_720_000)
  expect(first).toMatch(/^ {2}01000000 +RUNNING +1 h 1 min 0 s +python x+…$/)
  expect(second).toMatch(/^ {2}mine +FAILED +2 s +true$/)
})

test('one job is shown with what is known of it', () => {
  const failed = {
    ...RUNNING,
    ...{ status: 'FAILED' as const, driver_exit_code: 3, end_time: 2_000 },
    ...{ message: 'Job failed, last lines:\nTraceback', error_type: 'JOB_ENTRYPOINT_COMMAND_ERROR' },
  }
  expect(showJob(failed, 9_000).join('\n')).toBe(
    [
      'mine: FAILED, exit code 3',
      '  command  true',
      '  says     Job failed, last lines:',
      '  reason   JOB_ENTRYPOINT_COMMAND_ERROR',
      '  began    1970-01-01T00:00:01.000Z',
      '  took     1 s',
      '  node     n1',
    ].join('\n'),
  )
})
