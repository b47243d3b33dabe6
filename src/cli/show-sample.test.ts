import { expect, test } from '@jest/globals'
import type { ExecutionRecord } from '../core/execution.js'
import type { Sample } from '../core/sample.js'
import { chooseExample } from './choose-example.js'
import { showSample } from './show-sample.js'

const BASE = { stdout: '', operations: [], durationMs: 4 }
const OK: ExecutionRecord = {
  ...BASE,
  status: 'ok',
  unchanged: false,
  imageIndex: 1,
  image: { sha256: 'a', width: 512, height: 512, mode: 'RGB', sourceMode: 'RGB' },
}
const FAILED: ExecutionRecord = {
  ...BASE,
  ...{ status: 'error', kind: 'runtime', type: 'NameError', message: "name 'img' is not defined" },
  ...{ traceback: '', line: 1 },
}

/** A sample whose calls ended as given, one a turn, and then an answer. */
function sample({
  key,
  executions,
  outcome = 'correct',
}: {
  key: string
  executions: readonly ExecutionRecord[]
  outcome?: Sample['outcome']
}): Sample {
  const call = { code: 'result = image.rotate(90)', description: 'turn it', imageIndex: 0 }
  const said = (text: string) => ({ role: 'assistant' as const, content: [{ type: 'text' as const, text }] })
  return {
    ...{ key, taskId: key, epoch: 0, suite: 'demo', transform: 'rotate_90', requiredTools: null, box: null },
    ...{ question: 'Which number?', answers: ['42'], outcome, reward: null, error: null, attempts: 1 },
    scores: {
      strict: { profile: 'strict', answer: '42', correct: outcome === 'correct', rule: 'equal', judge: null },
    },
    timings: { totalMs: 1, modelMs: 1, sandboxMs: 0, judgeMs: 0 },
    trajectory: {
      messages: [
        ...executions.map((_, turn) => said(`Thought ${turn}.\n<tool_call>{}</tool_call>`)),
        said('<answer>42</answer>'),
      ],
      images: [],
      calls: executions.map((execution, turn) => ({ turn, call, execution })),
      turns: executions.length + 1,
      malformedCalls: 0,
      stop: 'answer',
      usage: { promptTokens: 0, completionTokens: 0 },
    },
  }
}

async function* listed(samples: readonly Sample[]): AsyncGenerator<Sample> {
  yield* samples
}

test('shown is a rollout that recovered from an error, else a right one with the most code, and none where no code was written', async () => {
  const recovered = sample({ key: 'recovered', executions: [FAILED, OK] })
  const failedLast = sample({ key: 'failed last', executions: [OK, FAILED] })
  const wrong = sample({ key: 'wrong', executions: [FAILED, OK], outcome: 'wrong' })
  const short = sample({ key: 'short', executions: [OK] })
  const none = sample({ key: 'none', executions: [] })
  const chosen = async (...samples: Sample[]): Promise<string | undefined> =>
    (await chooseExample(listed(samples)))?.key
  expect(await chosen(none, wrong, short, failedLast, recovered)).toBe('recovered')
  expect(await chosen(none, wrong, short, failedLast)).toBe('failed last')
  expect(await chosen(none, wrong, short)).toBe('short')
  expect(await chosen(none, wrong)).toBe('wrong')
  expect(await chosen(none)).toBeUndefined()
})

test('a sample is shown turn by turn: thought, code, what came of it, and the answer beside the right one', () => {
  const lines = showSample(sample({ key: 'a', executions: [FAILED, OK] })).split('\n')
  expect(lines.filter((line) => line !== '')).toEqual([
    'Which number? The picture was turned by 90° counter-clockwise.',
    expect.stringContaining('turn 1'),
    'Thought 0.',
    'code over image 0: turn it',
    '   1 │ result = image.rotate(90)',
    "✗ runtime in line 1 (4 ms): NameError: name 'img' is not defined",
    expect.stringContaining('turn 2'),
    'Thought 1.',
    'code over image 0: turn it',
    '   1 │ result = image.rotate(90)',
    '✓ image 1: 512×512 RGB (4 ms)',
    expect.stringContaining('turn 3'),
    '<answer>42</answer>',
    'Answer: 42 (correct; expected 42)',
  ])
})
