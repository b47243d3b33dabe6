import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { tinyConfigJson } from '../testing/tiny-config.js'
import { parseModelConfig } from './read-config.js'

const parse = (value: object) => parseModelConfig({ value, where: 'DIR/config.json' })

test.each(['qwen2_5_vl', 'qwen3_vl'] as const)('both published layouts of %s say the same', (family) => {
  expect(parse(tinyConfigJson({ family, isFlat: true }))).toEqual(parse(tinyConfigJson({ family })))
})

test('what only one family has is null in the other', () => {
  const second = parse(tinyConfigJson({ family: 'qwen2_5_vl' }))
  const third = parse(tinyConfigJson({ family: 'qwen3_vl' }))
  expect([second.vision.windows, second.vision.learnedPositions]).toEqual([
    { size: 16, fullBlocks: [1] },
    null,
  ])
  expect([third.vision.windows, third.vision.learnedPositions]).toEqual([
    null,
    { side: 3, deepStackBlocks: [0] },
  ])
  expect([second.text.isRopeInterleaved, third.text.isRopeInterleaved]).toEqual([false, true])
  expect([second.text.headSize, third.text.headSize]).toEqual([6, 8])
})

test.each([
  ['qwen2_5_vl', { normEpsilon: 1e-5, ropeTheta: 1e6, maxPositions: 32_768 }],
  ['qwen3_vl', { normEpsilon: 1e-6, ropeTheta: 5e5, maxPositions: 128_000 }],
] as const)('what a configuration of %s leaves out is what transformers takes', (family, expected) => {
  const { text_config: given, ...rest } = tinyConfigJson({ family }) as {
    text_config: { rope_parameters: object }
  }
  const silent = { ...given, rope_parameters: { ...given.rope_parameters, rope_theta: undefined } }
  expect(parse({ ...rest, text_config: silent }).text).toMatchObject(expected)
})

test.each([
  [{ model_type: 'llava' }, /DIR\/config\.json: expected the configuration of Qwen2\.5-VL or Qwen3-VL/],
  [{ text_config: { ...text(), rope_parameters: { rope_type: 'default' } } }, /expected `mrope_section`/],
  [
    { text_config: { ...text(), rope_parameters: { mrope_section: [1, 1, 2] } } },
    /half the head size \(6 \/ 2\), got 4/,
  ],
  [
    { text_config: { ...text(), rope_parameters: { mrope_section: [1, 1, 1], rope_type: 'yarn' } } },
    /`yarn`, which is not built in/,
  ],
])('what this engine does not compute is refused: %j', (change, message) => {
  const value = { ...tinyConfigJson({ family: 'qwen2_5_vl' }), ...change }
  expect(() => parse(value)).toThrow(UsageError)
  expect(() => parse(value)).toThrow(message)
})

function text(): object {
  const { text_config: given } = tinyConfigJson({ family: 'qwen2_5_vl' }) as { text_config: object }
  return given
}
