import { expect, test } from '@jest/globals'
import type { Sample } from '../../core/sample.js'
import type { TrajectoryCall } from '../../core/trajectory.js'
import { testSample, trajectoryOf, writeTestRun } from '../../evaluation/testing/samples.js'
import { tallyRollouts } from './tally-rollouts.js'

const call = ({
  op,
  isVerified = true,
  isOk = true,
}: {
  op: string
  isVerified?: boolean
  isOk?: boolean
}): TrajectoryCall => {
  const operations = [{ op, call: op, args: [], affine: null, box: null, verified: isVerified }]
  const trace = { stdout: '', operations, durationMs: 1 }
  return {
    turn: 0,
    call: { code: op, description: '', imageIndex: 0 },
    execution: isOk
      ? {
          ...trace,
          status: 'ok',
          image: { sha256: 'a', width: 1, height: 1, mode: 'RGB', sourceMode: 'RGB' },
          unchanged: false,
          imageIndex: 1,
        }
      : { ...trace, status: 'error', kind: 'runtime', type: 'E', message: '', traceback: '', line: null },
  }
}
const using = (calls: TrajectoryCall[], turns: number) => ({ ...trajectoryOf({ answer: 'x' }), calls, turns })
const rollouts = (name: string, outcomes: readonly Sample['outcome'][]): Sample[] =>
  outcomes.map((outcome, epoch) => testSample({ name, epoch, outcome }))

test('counts right answers of the scored rollouts, and those that failed by themselves', async () => {
  const run = await writeTestRun({
    samples: [
      ...rollouts('mixed', ['correct', 'wrong', 'unparsed', 'truncated', 'turn-limit', 'correct']),
      ...rollouts('broken', ['correct', 'model-error', 'sandbox-error', 'judge-error', 'wrong', 'wrong']),
      ...rollouts('other', ['correct']),
    ],
    head: { epochs: 6 },
  })
  const { tallies, runs } = await tallyRollouts({
    runs: [run],
    keys: new Set(['mixed', 'broken', 'unknown']),
  })
  expect([...tallies.keys()].sort()).toEqual(['broken', 'mixed'])
  expect(tallies.get('mixed')).toMatchObject({
    expected: 6,
    n: 6,
    correct: 2,
    failed: 0,
    isUnusable: false,
    turns: 6,
  })
  expect(tallies.get('broken')).toMatchObject({ expected: 6, n: 3, correct: 1, failed: 3 })
  expect(runs).toEqual([
    { path: run, policy: { name: 'openai', model: 'm' }, scoring: 'strict', judge: 'none', epochs: 6 },
  ])
})

test('a tool counts once a rollout, where its call left an image and the pixels bear it out', async () => {
  const run = await writeTestRun({
    samples: [
      testSample({
        name: 'a',
        epoch: 0,
        trajectory: using([call({ op: 'crop' }), call({ op: 'crop' }), call({ op: 'resize' })], 4),
      }),
      testSample({
        name: 'a',
        epoch: 1,
        trajectory: using([call({ op: 'crop' }), call({ op: 'rotate_90', isVerified: false })], 3),
      }),
      testSample({ name: 'a', epoch: 2, trajectory: using([call({ op: 'flip_vertical', isOk: false })], 2) }),
    ],
    head: { epochs: 3 },
  })
  const { tallies } = await tallyRollouts({ runs: [run], keys: new Set(['a']) })
  const tally = tallies.get('a')
  expect(Object.fromEntries(tally?.tools ?? [])).toEqual({ crop: 2, resize: 1 })
  expect(tally).toMatchObject({ turns: 9, calls: 6 })
})

test('rollouts of several runs are added up, and only the runs that know a row ask for it', async () => {
  const first = await writeTestRun({ samples: rollouts('a', ['correct', 'wrong']), head: { epochs: 2 } })
  const second = await writeTestRun({
    samples: [...rollouts('a', ['wrong', 'wrong', 'wrong']), ...rollouts('b', ['correct'])],
    head: { epochs: 3 },
  })
  const { tallies } = await tallyRollouts({ runs: [first, second], keys: new Set(['a', 'b']) })
  expect(tallies.get('a')).toMatchObject({ expected: 5, n: 5, correct: 1 })
  expect(tallies.get('b')).toMatchObject({ expected: 3, n: 1, correct: 1 })
  await expect(tallyRollouts({ runs: [first, second, `${first}/`], keys: new Set(['a']) })).rejects.toThrow(
    /named twice/,
  )
})

test('a row whose data cannot be used is told apart from rollouts that failed', async () => {
  const sample = testSample({
    name: 'a',
    outcome: 'sandbox-error',
    trajectory: null,
    error: { name: 'ImageError', message: 'no image', fault: 'data' },
  })
  const run = await writeTestRun({ samples: [sample] })
  const { tallies } = await tallyRollouts({ runs: [run], keys: new Set(['a']) })
  expect(tallies.get('a')).toMatchObject({ isUnusable: true, n: 0, failed: 0 })
})

test('a run of other rows is refused, with what may be missing', async () => {
  const run = await writeTestRun({ samples: rollouts('a', ['correct']) })
  await expect(tallyRollouts({ runs: [run], keys: new Set(['b']) })).rejects.toThrow(
    /No row has a rollout in .*--transform/,
  )
})
