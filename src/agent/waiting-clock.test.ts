import { expect, test } from '@jest/globals'
import { createWaitingClock } from './waiting-clock.js'

test('time counts once however many wait, and for the sandbox alone where nobody waits for the model', () => {
  let second = 100
  const clock = createWaitingClock({ now: () => second })
  const after = (seconds: number, event: () => void): void => {
    second += seconds
    event()
  }
  after(1, () => clock.begin('model')) // nobody waited
  after(2, () => clock.begin('model')) // one: model 2
  after(3, () => clock.begin('sandbox')) // two: model 5
  after(4, () => clock.end('model')) // model 9, sandbox 4
  after(5, () => clock.end('model')) // model 14, sandbox 9
  after(6, () => clock.begin('sandbox')) // sandbox 15, alone 6
  after(7, () => clock.end('sandbox')) // sandbox 22, alone 13
  after(8, () => clock.end('sandbox')) // sandbox 30, alone 21
  after(9, () => undefined)
  expect(clock.times()).toEqual({ model: 14, sandbox: 30, sandboxAlone: 21 })
})
