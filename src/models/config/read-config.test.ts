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
  [{ text_config: { ...text(), attention_bias: true } }, /attention_bias/],
  [{ text_config: { ...text(), num_hidden_layers: 1e9 } }, /num_hidden_layers/],
  [
    { text_config: { ...text(), num_key_value_heads: 3 } },
    /\(4\) to be a multiple of `num_key_value_heads`, got 3/,
  ],
  [{ image_token_id: 20 }, /one of the vocabulary \(`vocab_size` 20\), got 20/],
  [{ vision_config: { ...vision(), hidden_act: 'relu' } }, /the activation `silu`, got `relu`/],
  [{ vision_config: { ...vision(), num_heads: 3 } }, /four times its `num_heads` \(3\)/],
])('what this engine does not compute is refused: %j', (change, message) => {
  const value = { ...tinyConfigJson({ family: 'qwen2_5_vl' }), ...change }
  expect(() => parse(value)).toThrow(UsageError)
  expect(() => parse(value)).toThrow(message)
})

test.each([
  ['qwen2_5_vl', false, true, true],
  ['qwen2_5_vl', undefined, true, true],
  ['qwen2_5_vl', true, false, true],
  ['qwen3_vl', false, true, false],
  ['qwen3_vl', undefined, true, true],
] as const)(
  '%s: the head is tied where %s above and %s in the text say so: %s',
  (family, above, below, expected) => {
    const value = tinyConfigJson({ family }) as { text_config: object }
    const given = {
      ...value,
      tie_word_embeddings: above,
      text_config: { ...value.text_config, tie_word_embeddings: below },
    }
    expect(parse(given).tiesEmbeddings).toBe(expected)
  },
)

function vision(): object {
  return (tinyConfigJson({ family: 'qwen2_5_vl' }) as { vision_config: object }).vision_config
}

function text(): object {
  const { text_config: given } = tinyConfigJson({ family: 'qwen2_5_vl' }) as { text_config: object }
  return given
}
