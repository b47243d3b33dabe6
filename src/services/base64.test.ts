import { expect, test } from '@jest/globals'
import { randomBytes } from 'node:crypto'
import { Base64, jsonBytes } from './base64.js'

test('an answer with images is the JSON that it would be with their base64 as strings', () => {
  const bytes = [randomBytes(200_000), randomBytes(1), Buffer.alloc(0)]
  const last = Buffer.from('last')
  const answer = (of: (one: Buffer) => unknown): object => ({
    text: 'Größe "1" \u{1F4F7}\n\ud800',
    images: bytes.map((one, index) => ({ index, data: of(one), none: undefined })),
    last: of(last),
  })
  expect(jsonBytes(answer((one) => new Base64(one))).toString()).toBe(
    JSON.stringify(answer((one) => one.toString('base64'))),
  )
  expect(JSON.stringify(answer((one) => new Base64(one)))).toBe(
    JSON.stringify(answer((one) => one.toString('base64'))),
  )
})

test('an answer without images', () => {
  expect(jsonBytes({ text: 'ä', list: [1, null] }).toString()).toBe('{"text":"ä","list":[1,null]}')
  expect(jsonBytes(null).toString()).toBe('null')
})

test('in a text it is base64', () => {
  expect(`data:image/png;base64,${new Base64(Buffer.from('hello'))}`).toBe('data:image/png;base64,aGVsbG8=')
})
