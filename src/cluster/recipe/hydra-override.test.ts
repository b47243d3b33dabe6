import { expect, test } from '@jest/globals'
import { hydraOverride } from './hydra-override.js'

test.each([
  ['a.b', 8, 'a.b=8'],
  ['a.b', true, 'a.b=True'],
  ['a.b', 'grpo', 'a.b=grpo'],
  ['+a.b', 'pkg://codevision_env.verl_reward', '+a.b=pkg://codevision_env.verl_reward'],
  ['a', '<think>\\n', "a='<think>\\n'"],
  ['a', "it's here", "a='it\\'s here'"],
  ['a', 'ends with \\', "a='ends with \\\\'"],
  ['a', '/my models/[1]', "a='/my models/[1]'"],
])('%s of %j is %s', (key, value, expected) => {
  expect(hydraOverride({ key, value })).toBe(expected)
})
