import { expect, test } from '@jest/globals'
import type { ParitySet } from '../parity-set.js'
import { chartqapro } from './chartqapro.js'
import { hrbench } from './hrbench.js'
import { ocrbench } from './ocrbench.js'
import { vstar } from './vstar.js'

const CHOICES = '{"A": "red", "B": 2.0}'

/** The answer of a set to one input, which is JSON text: Python tells 5 from 5.0 there. */
async function answered(set: ParitySet, input: string): Promise<unknown> {
  const source = `{"id": "one", "input": ${input}, "expected": null}`
  const cases = [{ id: 'one', input: JSON.parse(input) as unknown, expected: null, source }]
  for await (const { got } of set.run(cases, { directory: '.' })) return got
  return null
}

test.each<[ParitySet, string, unknown]>([
  [
    ocrbench,
    '{"prediction": 5.0, "answers": ["5.0"], "dataset_name": "svt", "category": "Doc-oriented VQA"}',
    { official: { error: 'AttributeError' }, vlmevalkit: { hit: 1 }, lmms_eval: { error: 'AttributeError' } },
  ],
  [
    chartqapro,
    '{"answer": ["[1, 2]"], "question_type": "Multi Choice", "year": ["NO"], "prediction": "[1, 2.05]"}',
    { official: { score: 1 }, vlmevalkit: { score: 1 }, lmms_eval: { score: 0.5 } },
  ],
  [
    vstar,
    `{"prediction": "it is 2.0", "choices": ${CHOICES}, "answer": "B"}`,
    { vlmevalkit: { inferred: 'B', opt: 'B', hit: 1 }, lmms_eval: { letter: null, score: 0 } },
  ],
  [
    hrbench,
    `{"prediction": "neither", "choices": ${CHOICES}, "answer": "B"}`,
    {
      vlmevalkit: { inferred: null, opt: 'Z', hit: 0 },
      lmms_eval: { inferred: null, needs_judge: true, hit: null },
    },
  ],
])('a case of the set $name is answered under every profile', async (set, input, expected) => {
  expect(await answered(set, input)).toEqual(expected)
})
