import { runInNewContext } from 'node:vm'
import { expect, test } from '@jest/globals'
import { chunkBlock, chunkScript } from './chunk-text.js'

const VALUE = JSON.parse(
  JSON.stringify({
    html: '</script><script>alert(1)</script><!-- <script>',
    quotes: `' " \\ \` \${1} \\' \n \r \t`,
    separators: '\u2028\u2029',
    odd: '\ud800 \u0000 \ufeff ü 😀',
  }).replace('{', '{"__proto__":{"polluted":true},'),
) as unknown

/** What a page gets when it runs the script. */
function received(script: string): unknown {
  const given: string[] = []
  runInNewContext(script, { codevisionChunk: (json: string) => given.push(json) })
  expect(given).toHaveLength(1)
  return JSON.parse(given[0] ?? '')
}

test('a chunk gives the page the very value, keys that are special to JavaScript included', () => {
  const value = received(chunkScript(JSON.stringify(VALUE)))
  expect(JSON.stringify(value)).toBe(JSON.stringify(VALUE))
  expect(Object.keys(value as object)[0]).toBe('__proto__')
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('neither form holds anything that ends or opens a script', () => {
  const json = JSON.stringify(VALUE)
  for (const text of [chunkScript(json), chunkBlock(json)]) expect(text).not.toMatch(/<|[\u2028\u2029]\s*\n/)
  expect(JSON.stringify(JSON.parse(chunkBlock(json)))).toBe(json)
})
