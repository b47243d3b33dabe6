import { expect, test } from '@jest/globals'
import { messageBytesFor } from './message-bytes-for.js'

test('a message may hold the largest image as base64, as long as it can be read at all', () => {
  const image = 48 << 20
  const message = JSON.stringify({ params: { arguments: { data: '' } } }).length
  expect(messageBytesFor({ fileBytes: image })).toBeGreaterThan(
    Buffer.alloc(image).toString('base64').length + message,
  )
  expect(messageBytesFor({ fileBytes: 1024 * 2 ** 20 })).toBe(511 * 2 ** 20)
})
