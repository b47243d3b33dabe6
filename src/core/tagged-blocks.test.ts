import { describe, expect, test } from '@jest/globals'
import { taggedBlocks } from './tagged-blocks.js'

const blocks = (text: string) => taggedBlocks({ text, open: '<a>', close: '</a>' })

describe('taggedBlocks', () => {
  test('finds every block across lines and leaves the rest', () => {
    expect(blocks('x<a>1\n2</a>y<a></a>z')).toEqual({ blocks: ['1\n2', ''], rest: 'xyz' })
  })

  test('a block runs from the first opening to the next closing tag', () => {
    expect(blocks('<a>1<a>2</a>3</a>')).toEqual({ blocks: ['1<a>2'], rest: '3</a>' })
  })

  test('an unclosed tag stays in the rest, and many of them cost no more than linear time', () => {
    const text = '<a>'.repeat(200_000)
    expect(blocks(text)).toEqual({ blocks: [], rest: text })
  })
})
