import { expect, test } from '@jest/globals'
import { Session, type SessionParameters } from './session.js'

test('an image that could not be decoded is let go of, so that the next try is one', async () => {
  const released: string[] = []
  const verdict = { status: 'error', kind: 'crash', message: 'the interpreter died' }
  const session = new Session({
    jobs: { slot: { newPlace: () => 0 }, limits: {} },
    images: { decode: () => Promise.resolve({ value: verdict }) },
    files: {
      hold: () => Promise.resolve(),
      release: (held: { value: typeof verdict }) => Promise.resolve(void released.push(held.value.message)),
    },
    meter: { measure: (action: () => unknown) => action() },
    ...{ number: 1, profile: 'standard', observes: false, desk: undefined, user: undefined },
    onClose: () => undefined,
  } as unknown as SessionParameters)
  await expect(session.add(Buffer.from('x'), { name: 'a.png' })).rejects.toMatchObject({
    message: 'a.png cannot be used: the interpreter died.',
    isRetryable: true,
  })
  expect(released).toEqual(['the interpreter died'])
  expect(session.images).toHaveLength(0)
})
