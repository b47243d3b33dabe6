import { expect, test } from '@jest/globals'
import type { Trajectory } from '../../core/trajectory.js'
import { keptRegister } from './kept-register.js'

const trajectory = ({
  image = 'a',
  code = 'x',
  words,
}: {
  image?: string
  code?: string
  words: string
}): Trajectory => ({
  messages: [{ role: 'assistant', content: [{ type: 'text', text: words }] }],
  images: [{ sha256: image, width: 1, height: 1, call: null, view: null }],
  calls: [
    {
      turn: 0,
      call: { code, imageIndex: 0 },
      execution: {
        status: 'error',
        kind: 'syntax',
        type: null,
        message: '',
        traceback: '',
        line: null,
        stdout: '',
        operations: [],
        durationMs: 1,
      },
    },
  ],
  turns: 2,
  malformedCalls: 0,
  stop: 'answer',
  usage: { promptTokens: 0, completionTokens: 0 },
})
const skeletonOf = (messages: Trajectory['messages']): string =>
  JSON.stringify(messages.map(({ content }) => content))

test('the same image, calls and reasoning are kept once', () => {
  const register = keptRegister({ skeletonOf })
  register.add(trajectory({ words: 'one' }))
  expect(register.check(trajectory({ words: 'one' }))).toMatchObject({ reason: 'duplicate' })
  expect(register.check(trajectory({ words: 'two' }))).toBeNull()
})

test('no reasoning has more than a twentieth of what is kept, after each that is', () => {
  const register = keptRegister({ skeletonOf })
  let kept = 0
  let common = 0
  for (let number = 0; number < 400; number++) {
    const isCommon = number % 4 === 0
    const next = trajectory({
      image: String(number),
      words: isCommon ? 'always the same' : `words ${number}`,
    })
    const rejection = register.check(next)
    expect([null, 'common-skeleton']).toContain(rejection?.reason ?? null)
    if (rejection !== null) continue
    register.add(next)
    kept++
    common += Number(isCommon)
    expect(common).toBeLessThanOrEqual(Math.max(1, kept / 20))
  }
  expect(common).toBeGreaterThan(10)
})
