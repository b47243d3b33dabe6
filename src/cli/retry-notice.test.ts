import { expect, test } from '@jest/globals'
import { createRetryNotice } from './retry-notice.js'

test('a reason is told at once, and what repeats it as a count, once a minute', () => {
  let now = 0
  const lines: string[] = []
  const tell = createRetryNotice({ now: () => now, write: (line) => lines.push(line) })
  const refused = (id: string): void =>
    tell({ error: new Error(`The server answered 500, request ${id}.\nMore of it.`), delayMs: 500 })
  for (let request = 0; request < 1_000; request++) refused(`req-${request}f00dfeed`)
  tell({ error: new Error('The connection failed.'), delayMs: 1_250 })
  now = 60_000
  refused('req-1000')
  refused('req-1001')
  expect(lines).toEqual([
    'The server answered 500, request req-0f00dfeed. Trying again in 0.5 s.',
    'The connection failed. Trying again in 1.3 s.',
    'The server answered 500, request req-1000. Trying again in 0.5 s. (1,000 times since this was said)',
  ])
})
