import { describe, expect, test } from '@jest/globals'
import { progressCounter } from './progress.js'

describe('progressCounter', () => {
  test('the rate counts this session, the accuracy all finished samples', () => {
    let time = 0
    const counter = progressCounter({ planned: 10, now: () => time })
    counter.addEarlier('correct')
    counter.addEarlier('wrong')
    expect(counter.current()).toMatchObject({ finished: 2, accuracy: 0.5, perSecond: null, etaSeconds: null })
    time = 2000
    counter.add('correct')
    expect(counter.add('model-error')).toEqual({
      planned: 10,
      finished: 3,
      correct: 2,
      failed: 1,
      unusable: 0,
      accuracy: 2 / 3,
      perSecond: 1,
      etaSeconds: 6,
    })
    expect(counter.add('unusable')).toMatchObject({ finished: 3, failed: 1, unusable: 1, accuracy: 2 / 3 })
  })
})
