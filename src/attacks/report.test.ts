import { expect, test } from '@jest/globals'
import { isRight, reportLines } from './report.js'
import type { AttackReport, AttackRow } from './run-attacks.js'

const row: AttackRow = {
  attack: 'fork bomb',
  stopped: { layer: 'seccomp', evidence: 'EPERM', switch: 'seccomp' },
  withoutIt: 'RLIMIT_NPROC (EAGAIN)',
  verdict: 'runtime PermissionError',
  recoveryMs: 12.3,
  wrong: [],
}
const report: AttackReport = {
  machine: 'm',
  date: '2026-01-02',
  runtime: 'bubblewrap',
  rows: [row],
  wrong: [],
}

test('a run in which all is right says so', () => {
  expect(isRight(report)).toBe(true)
  expect(reportLines(report).join('\n')).toContain(
    '| fork bomb | seccomp (EPERM) | RLIMIT_NPROC (EAGAIN)    | runtime PermissionError | 12 ms    | right |',
  )
})

test.each<[string, Partial<AttackReport>]>([
  ['an attack that got through', { rows: [{ ...row, wrong: ['nothing stopped it'] }] }],
  ['hosts that live on', { wrong: ['1 hosts live on'] }],
  ['no attack at all', { rows: [] }],
])('a run with %s is not right', (_name, changes) => {
  expect(isRight({ ...report, ...changes })).toBe(false)
})
