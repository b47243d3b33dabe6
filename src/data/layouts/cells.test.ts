import { expect, test } from '@jest/globals'
import { decodeBase64 } from './cells.js'

const file = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251))
const base64 = file.toString('base64')

test.each([
  ['one line', base64],
  ['lines of 76 columns', base64.replace(/.{76}/g, '$&\n')],
  ['lines that end in CR LF', base64.replace(/.{76}/g, '$&\r\n')],
  ['a data URI in lines', `data:image/png;base64,${base64.replace(/.{64}/g, '$&\n')}\n`],
])('base64 is read in %s, as text and as bytes', (_, text) => {
  for (const cell of [text, Buffer.from(text)])
    expect(decodeBase64({ cell, where: 'x.tsv line 2' })).toEqual({ bytes: file })
})

test('base64 that ends in its midst is refused', () => {
  const cell = `${base64.slice(0, 1000)}==${base64.slice(1000)}`
  expect(() => decodeBase64({ cell, where: 'x.tsv line 2' })).toThrow(
    /^x\.tsv line 2, column `image`: expected an image as base64, got 6670 characters that decode to \d+ bytes/,
  )
})
