import { expect, test } from '@jest/globals'
import { createRandom } from '../../../data/demo/random.js'
import { expand } from './expand.js'

const all = (template: string, slots = {}) =>
  new Set(
    Array.from({ length: 200 }, (_, at) =>
      expand({ template, slots, random: createRandom({ seed: String(at) }) }),
    ),
  )

test('braces choose, brackets are there or not, and both nest', () => {
  expect(all('a {b|c {d|e}}[ f].')).toEqual(
    new Set(['a b.', 'a c d.', 'a c e.', 'a b f.', 'a c d f.', 'a c e f.']),
  )
})

test('a slot is filled as it is, with a capital where it is named with one', () => {
  const slots = { target: 'the {dots}', s: '' }
  expect(all('$Target grow$s, $target', slots)).toEqual(new Set(['The {dots} grow, the {dots}']))
})

test('a slot without a text and an open brace are errors of the grammar', () => {
  expect(() => all('$missing')).toThrow(/expected a text for \$missing/i)
  expect(() => all('{a|b')).toThrow(/expected } in the template/i)
})
