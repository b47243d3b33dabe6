import { sampleKey, type Sample } from '../../core/sample.js'

/** A finished sample for tests; `changes` replace its fields. */
export function testSample({
  taskKey = 'task',
  epoch = 1,
  ...changes
}: Partial<Sample> & { taskKey?: string } = {}): Sample {
  return {
    key: sampleKey({ taskKey, epoch }),
    taskId: taskKey,
    epoch,
    suite: 'small',
    transform: 'none',
    question: 'What is written?',
    answers: ['42'],
    requiredTools: null,
    box: null,
    outcome: 'correct',
    trajectory: null,
    scores: {},
    reward: null,
    error: null,
    timings: { totalMs: 1, modelMs: 1, sandboxMs: 0, judgeMs: 0 },
    attempts: 1,
    ...changes,
  }
}
