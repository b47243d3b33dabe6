import { expect, test } from '@jest/globals'
import { readOnly } from './read-only.js'

test('a work and a size are read', () => {
  expect(readOnly('rotate,1024')).toEqual({ work: 'rotate', size: 1024 })
})

test.each(['rotate', 'turn,64', 'crop,0', 'crop,1.5', 'crop,64,1', ''])(
  '%p is refused with an example',
  (text) => {
    expect(() => readOnly(text)).toThrow('such as rotate,1024')
  },
)
